/** A run's batch, unless the run sets another. */
const BATCH = 32;

/**
 * Among cuts this near the best, those with the fewest features win, because a teacher keeps the features for a whole
 * lease.
 */
const NEAR = 1.05;

/** A place where a network may be cut, and what the network costs up to there. Its two ends are places too. */
export interface Place {
  /** Those that are trained. */
  readonly parameters: number;
  readonly activations: number;
  /** Numbers that cross here for one example. */
  readonly features: number;
}

/**
 * The cheapest way to a place: the features at its cuts, the memory of its dearest role, and the way to the place
 * before.
 */
interface Way<At extends Place> {
  readonly features: number;
  readonly bytes: number;
  readonly before: Way<At> | null;
  readonly place: At;
}

/**
 * Chooses where a network is cut into this many segments. The largest memory of a role "train segment k, those before
 * it frozen" is to be the smallest; near that, the fewest features are to cross (shared/plan/README.md, "Where to cut").
 * @param places the network's beginning, the places worth a cut, and its end
 * @returns the places at which it is cut, from input to output, one fewer than segments; null if there are too few
 */
export function choosePlaces<At extends Place>(places: readonly At[], segments: number): At[] | null {
  const best = cheapestWay(places, segments, Number.POSITIVE_INFINITY, () => 0);
  if (!best) return null;
  const light = cheapestWay(places, segments, NEAR * best.bytes, ({ features }) => features);
  return cutsOf(light ?? best);
}

/** The most segments with weights to train that these places allow. */
export const mostSegments = (places: readonly Place[]): number =>
  new Set(places.map(({ parameters }) => parameters)).size - 1;

/**
 * A dynamic programme over the places: segments × places² steps, at most some 40 million for the largest network of a
 * host. Both scores only grow along a way, so the best way to a place begins with a best way to a place before it.
 */
function cheapestWay<At extends Place>(
  places: readonly At[],
  segments: number,
  maxBytes: number,
  featuresAt: (place: At) => number,
): Way<At> | null {
  const [start, ...rest] = places;
  if (!start) return null;
  let ways: (Way<At> | null)[] = places.map(place =>
    place === start ? { features: 0, bytes: 0, before: null, place } : null,
  );
  for (let segment = 1; segment <= segments; segment++)
    ways = [
      null,
      ...rest.map((place, i) => bestTo(place, ways.slice(0, i + 1), maxBytes, featuresAt(place))),
    ];
  return ways.at(-1) ?? null;
}

function bestTo<At extends Place>(
  place: At,
  ways: readonly (Way<At> | null)[],
  maxBytes: number,
  features: number,
): Way<At> | null {
  let best: Way<At> | null = null;
  for (const way of ways) {
    if (!way || way.place.parameters === place.parameters) continue;
    const bytes = Math.max(way.bytes, roleBytes(way.place, place));
    const total = way.features + features;
    const isBetter = !best || total < best.features || (total === best.features && bytes < best.bytes);
    if (bytes <= maxBytes && isBetter) best = { features: total, bytes, before: way, place };
  }
  return best;
}

/** Bytes to train what lies between two places behind what lies before: weights, gradients, momentum, activations. */
const roleBytes = (from: Place, to: Place): number =>
  12 * (to.parameters - from.parameters) +
  4 * from.parameters +
  4 * BATCH * (to.activations - from.activations);

/** The way's places without the network's two ends. */
function cutsOf<At extends Place>(way: Way<At>): At[] {
  const cuts: At[] = [];
  for (let at = way.before; at?.before; at = at.before) cuts.unshift(at.place);
  return cuts;
}
