import type { FoldUnit } from '../aggregation/fold-units.ts';
import type { PartialSum, PartialSums } from '../aggregation/partial-sums.ts';
import { decodeSafetensors } from '../codec/safetensors.ts';
import { guardsStatistics } from '../protocol/aggregation-spec.ts';
import type { Task } from '../protocol/lease.ts';
import { type Trimming, trimmedSum } from './coordinate-sums.ts';
import type { FoldInput } from './fold-input.ts';
import type { KeptEnvelopes } from './kept-envelopes.ts';

/** [PUB5] Whether the statistics of this fold are guarded, but the updates are with several cohorts: then none sees them all. */
export const lacksGuard = ({ config, request }: Pick<FoldInput, 'config' | 'request'>): boolean =>
  guardsStatistics(config.spec) && (request.ofRole !== undefined || request.statistics === 'mean');

/**
 * [PUB5] Whether statistics move by a bounded amount, since not all that go into them are trimmed: there is one update, or
 * others are with other cohorts or of other roles.
 */
export const boundsStatistics = (input: FoldInput, { slices }: Pick<Task, 'slices'>): boolean =>
  guardsStatistics(input.config.spec) &&
  (lacksGuard(input) ||
    slices !== undefined ||
    input.ofRole.updates.length < 2 ||
    Object.keys(input.request.handed).length > 0);

/**
 * [PUB5] How the statistics of updates that a rule weighs in one pass are trimmed: a hostile one could make a variance a
 * million. Null if they are not, or if one update is all there is.
 */
export function guardOf(
  input: FoldInput,
  { slices }: Pick<Task, 'slices'>,
  units: readonly FoldUnit[],
  envelopes: KeptEnvelopes,
): Trimming | null {
  const { config, ports, request, ofRole } = input;
  const { length } = ofRole.updates;
  const isAsked = guardsStatistics(config.spec) && !lacksGuard(input);
  if (!isAsked || length < 2 || !units.some(({ statistics }) => statistics > 0)) return null;
  const places = ofRole.updates.map((_, i) => i);
  const buckets = { members: places.map(place => [place]), bucketOf: places, root: null };
  const source = { buckets, envelopes, updates: () => ports.log.updates(request.round) };
  const weights = ofRole.updates.map(({ weight }) => weight);
  const hostile = Math.max(1, Math.floor(config.spec.robust.hostile * length));
  if (length > 2) return { source, weights, trim: Math.min(hostile, Math.floor((length - 1) / 2)) };
  // A slice of the channels has other places than the version's tensors.
  return slices ? null : { source, weights, trim: 1, third: unit => statisticsOf(input, unit) };
}

/** The version's own, in the unit's order. */
async function statisticsOf({ request, ports }: FoldInput, { segment, shard, pieces }: FoldUnit) {
  const ref = request.manifest.segments[segment]?.shards[shard];
  if (!ref) throw new Error(`the version of the leases lacks shard ${shard} of ${segment}`);
  const decoded = decodeSafetensors(await ports.blobs.get(ref.sha256));
  if (!decoded.ok) throw new Error(`a stored shard does not decode: ${decoded.detail}`);
  const own = decoded.value.filter((_, i) => pieces[i]?.kind === 'statistic');
  return Float32Array.from(own.flatMap(({ values }) => [...values]));
}

/** The unit's statistics alone. */
export const observedOf = (unit: FoldUnit): FoldUnit => ({
  ...unit,
  pieces: unit.pieces.filter(({ kind }) => kind === 'statistic'),
  elements: 0,
});

/** The same sums, but for their statistics. */
export async function withTrimmedStatistics(sums: PartialSums, trimming: Trimming): Promise<PartialSums> {
  const trimmed: PartialSum[] = [];
  for (const sum of sums) {
    const third = sum.unit.statistics > 0 ? await trimming.third?.(sum.unit) : undefined;
    const observed = observedOf(sum.unit);
    const { statistics } = observed.pieces.length > 0 ? await trimmedSum(observed, trimming, third) : sum;
    trimmed.push({ ...sum, statistics });
  }
  return trimmed;
}
