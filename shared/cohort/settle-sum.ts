import { applyAggregate } from '../aggregation/apply-aggregate.ts';
import { mergePartialSums, type PartialSum } from '../aggregation/partial-sums.ts';
import type { DriftStep } from '../aggregation/shard-mover.ts';
import { decodeSum, encodeSum } from '../aggregation/sum-bytes.ts';
import { atOnce } from '../math/at-once.ts';
import type { FoldRequest } from '../protocol/cohort-report.ts';
import type { SegmentVersion, ShardRef } from '../protocol/model-outline.ts';
import type { Blobs, CohortPorts, SettledShard } from './ports.ts';

type SettlePorts = Pick<CohortPorts, 'blobs' | 'sums'>;

/**
 * Ends the fold of one shard. What lighter roles and other cohorts of this role handed on is added to its sum. The sum
 * becomes the shard's next values, or is handed to whoever publishes the segment. To repeat it gives the same. The own sum
 * stays as it is: if the fold fails, it is asked again, and must find it so.
 * @param isBound whether statistics move by a bounded amount ([PUB5])
 */
export async function settleSum(
  own: PartialSum,
  request: FoldRequest,
  ports: SettlePorts,
  isBound: boolean,
): Promise<SettledShard> {
  const { segment, shard } = own.unit;
  const handed = [request.handed, ...(request.ofRole?.sums ?? [])];
  const sum = await withHanded(
    own,
    handed.flatMap(sums => sums[segment]?.[shard] ?? []),
    ports.sums,
  );
  if (!request.handsOn.includes(segment)) return publish(sum, request, ports.blobs, isBound);
  const place = { round: request.round, segment, shard };
  return { segment, shard, handed: await ports.sums.keep(place, encodeSum(sum)) };
}

/** So many sums are read at once. */
const READ_AT_ONCE = 2;

/** Memory holds the sum and those that are read. The order in which they come changes no bit. */
async function withHanded(
  own: PartialSum,
  keys: readonly string[],
  sums: SettlePorts['sums'],
): Promise<PartialSum> {
  let sum: PartialSum | null = null;
  await atOnce(READ_AT_ONCE, keys, async key => {
    const handed = decodeSum(own.unit, await sums.read(key));
    sum = sum ? merged(sum, handed) : handed;
  });
  return sum ? merged(sum, own) : own;
}

/** @throws if the two are of different shards, or if their sum could no longer be exact */
function merged(a: PartialSum, b: PartialSum): PartialSum {
  const sum = mergePartialSums(a, b);
  if (!sum.ok) throw new Error(`the sums of two cohorts do not merge: ${sum.reason}`);
  return sum.value;
}

/** A shard stays as it is if no update counts. */
async function publish(
  sum: PartialSum,
  request: FoldRequest,
  blobs: Blobs,
  isBound: boolean,
): Promise<SettledShard> {
  const { segment, shard } = sum.unit;
  const version = request.manifest.segments[segment];
  const old = version?.shards[shard];
  if (!old) throw new Error(`the version of the leases lacks shard ${shard} of ${segment}`);
  const drift = await driftStep(version, request.allExamples?.[segment], shard, blobs);
  const moved = applyAggregate(await blobs.get(old.sha256), sum, { isBound, ...(drift && { drift }) });
  if (!moved) return { segment, shard };
  const slots: Record<string, ShardRef> = {};
  for (const [name, bytes] of Object.entries(moved.slots)) slots[name] = await blobs.put(bytes);
  const ref = await blobs.put(moved.shard);
  return { segment, shard, ref, slots, ...(drift && { allExamples: drift.allExamples }) };
}

/** [PUB8] Undefined if drift is not corrected. */
async function driftStep(
  { slots = {} }: SegmentVersion,
  allExamples: number | undefined,
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
