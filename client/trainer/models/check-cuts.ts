import { type Crossing, crossings } from './graph-cuts.ts';
import { type ModelGraph, ModelRefusal } from './model-graph.ts';

/**
 * More than anyone trains apart, and few enough for an outline. An outline holds 64 segments, and each of these but
 * the last brings a head, and perhaps an average.
 */
export const MAX_SEGMENTS = 16;

/** How many cuts a refusal names, of the hundreds that a deep network has. */
const LISTED = 8;

/**
 * The crossings after the named layers.
 * @throws ModelRefusal if a cut names a layer after which several tensors cross or none does (the message names cuts near
 * it), if cuts are named twice or out of the network's order, or if there are too many
 */
export function checkCuts(graph: ModelGraph, cuts: readonly string[]): Crossing[] {
  const possible = crossings(graph);
  if (cuts.length >= MAX_SEGMENTS)
    throw new ModelRefusal(
      `${graph.name} is cut ${cuts.length} times: at most ${MAX_SEGMENTS - 1} cuts are allowed`,
    );
  const found = cuts.map(
    cut => possible.find(({ after }) => after === cut) ?? refuseCut(graph, cut, possible),
  );
  for (const [i, { after, place }] of found.entries()) {
    const before = found[i - 1];
    if (before && before.place >= place)
      throw new ModelRefusal(
        before.place === place
          ? `${graph.name} is to be cut after ${after} twice`
          : `${graph.name} is to be cut after ${before.after}, then after ${after}, which comes before it: name cuts from input to output`,
      );
  }
  return found;
}

function refuseCut(graph: ModelGraph, cut: string, possible: readonly Crossing[]): never {
  const place = graph.layers.findIndex(({ name }) => name === cut);
  const isEnd = place === 0 || place === graph.layers.length - 1;
  const reason =
    place < 0
      ? 'it has no such layer'
      : isEnd
        ? 'a segment would have no layers'
        : 'more than one tensor crosses there (a skip connection goes past it)';
  throw new ModelRefusal(`${graph.name} cannot be cut after ${cut}: ${reason}. ${nearby(place, possible)}`);
}

/** The cuts around a place of the graph. If there is no such place, cuts spread over all of it. */
function nearby(place: number, possible: readonly Crossing[]): string {
  if (possible.length === 0) return 'There is no other place to cut it';
  const chosen = place < 0 ? spread(possible) : nearest(place, possible);
  const names = chosen.map(({ after }) => after).join(', ');
  const rest = possible.length - chosen.length;
  return `It can be cut after ${names}${rest > 0 ? ` and ${rest} other layers` : ''}`;
}

const nearest = (place: number, possible: readonly Crossing[]): Crossing[] =>
  possible
    .toSorted((a, b) => Math.abs(a.place - place) - Math.abs(b.place - place))
    .slice(0, LISTED)
    .toSorted((a, b) => a.place - b.place);

function spread(possible: readonly Crossing[]): Crossing[] {
  const step = Math.max(1, possible.length / LISTED);
  const places = new Set(Array.from({ length: LISTED }, (_, i) => Math.floor((i + 0.5) * step)));
  return possible.filter((_, i) => places.has(i));
}
