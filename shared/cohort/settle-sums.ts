import { applyAggregate } from '../aggregation/apply-aggregate.ts';
import type { PartialSum } from '../aggregation/partial-sums.ts';
import type { DriftStep } from '../aggregation/shard-mover.ts';
import { encodeSum } from '../aggregation/sum-bytes.ts';
import type { FoldRequest, HandedSums } from '../protocol/cohort-report.ts';
import type { SegmentVersion, ShardRef, Slots } from '../protocol/model-outline.ts';
import type { Blobs, CohortPorts } from './ports.ts';

export interface Settled {
  /** New shards of the segments that this cohort publishes. A shard stays as it is if no update counts. */
  readonly published: Readonly<Record<string, readonly ShardRef[]>>;
  /** What the outer optimizer keeps of these segments. Empty if drift is not corrected. */
  readonly slots: Readonly<Record<string, Slots>>;
  /** Sums of the others, for the cohort that goes on with them. */
  readonly handed: HandedSums;
}

/**
 * Ends a fold: each shard's sum becomes its next values, or is handed to the cohort of a heavier role that trained the
 * segment too. Memory holds one shard at a time.
 * @param trains the segments that are summed
 */
export async function settleSums(
  sums: AsyncIterable<PartialSum>,
  trains: readonly string[],
  request: FoldRequest,
  ports: Pick<CohortPorts, 'blobs' | 'sums'>,
): Promise<Settled> {
  const { round, manifest, handsOn } = request;
  const published = new Map<string, NextSegment>();
  const handed = new Map<string, string[]>();
  for (const id of trains)
    if (handsOn.includes(id)) handed.set(id, []);
    else published.set(id, nextSegment(manifest.segments[id], request.allExamples?.[id]));
  for await (const sum of sums) {
    const { segment, shard } = sum.unit;
    const keys = handed.get(segment);
    if (keys) keys.push(await ports.sums.keep({ round, segment, shard }, encodeSum(sum)));
    else await publish(sum, published.get(segment), ports.blobs);
  }
  return { ...filesOf(published), handed: Object.fromEntries(handed) };
}

/** The files of a segment, old ones at first, and new ones in their places as they are made. */
interface NextSegment {
  readonly shards: ShardRef[];
  readonly slots: Record<string, (ShardRef | null)[]>;
  /** [PUB8] Undefined if drift is not corrected. */
  readonly allExamples: number | undefined;
}

const nextSegment = (old: SegmentVersion | undefined, allExamples: number | undefined): NextSegment => ({
  shards: [...(old?.shards ?? [])],
  slots: Object.fromEntries(Object.entries(old?.slots ?? {}).map(([name, refs]) => [name, [...refs]])),
  allExamples,
});

async function publish(sum: PartialSum, next: NextSegment | undefined, blobs: Blobs): Promise<void> {
  const { segment, shard } = sum.unit;
  const old = next?.shards[shard];
  if (!old) throw new Error(`the version of the leases lacks shard ${shard} of ${segment}`);
  const moved = applyAggregate(await blobs.get(old.sha256), sum, await driftStep(next, shard, blobs));
  if (!moved) return;
  next.shards[shard] = await blobs.put(moved.shard);
  for (const [name, bytes] of Object.entries(moved.slots)) {
    next.slots[name] ??= next.shards.map(() => null);
    next.slots[name][shard] = await blobs.put(bytes);
  }
}

async function driftStep(
  { allExamples, slots }: NextSegment,
  shard: number,
  blobs: Blobs,
): Promise<DriftStep | undefined> {
  if (allExamples === undefined) return undefined;
  const files: Record<string, Uint8Array> = {};
  for (const [name, refs] of Object.entries(slots)) {
    const ref = refs[shard];
    if (ref) files[name] = await blobs.get(ref.sha256);
  }
  return { allExamples, slots: files };
}

function filesOf(published: ReadonlyMap<string, NextSegment>): Pick<Settled, 'published' | 'slots'> {
  const segments = [...published];
  const kept = segments.filter(([, { slots }]) => Object.keys(slots).length > 0);
  return {
    published: Object.fromEntries(segments.map(([id, { shards }]) => [id, shards])),
    slots: Object.fromEntries(kept.map(([id, { slots }]) => [id, slots])),
  };
}
