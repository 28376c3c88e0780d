import { applyAggregate } from '../aggregation/apply-aggregate.ts';
import { mergePartialSums, type PartialSum } from '../aggregation/partial-sums.ts';
import type { DriftStep } from '../aggregation/shard-mover.ts';
import { decodeSum, encodeSum } from '../aggregation/sum-bytes.ts';
import type { FoldRequest } from '../protocol/cohort-report.ts';
import type { SegmentVersion, ShardRef } from '../protocol/model-outline.ts';
import type { Blobs, CohortPorts, SettledShard } from './ports.ts';

type SettlePorts = Pick<CohortPorts, 'blobs' | 'sums'>;

/**
 * Ends the fold of one shard. What cohorts of lighter roles handed on is added to its sum. The sum becomes the shard's next
 * values, or is handed to the cohort of a heavier role that trained the segment too. To repeat it gives the same. The own
 * sum stays as it is: if the fold fails, it is asked again, and must find it so.
 */
export async function settleSum(
  own: PartialSum,
  request: FoldRequest,
  ports: SettlePorts,
): Promise<SettledShard> {
  const { segment, shard } = own.unit;
  const key = request.handed[segment]?.[shard];
  const sum = key === undefined ? own : merged(decodeSum(own.unit, await ports.sums.read(key)), own);
  if (!request.handsOn.includes(segment)) return publish(sum, request, ports.blobs);
  const place = { round: request.round, segment, shard };
  return { segment, shard, handed: await ports.sums.keep(place, encodeSum(sum)) };
}

/** @throws if the two are of different shards, or if their sum could no longer be exact */
function merged(handed: PartialSum, own: PartialSum): PartialSum {
  const sum = mergePartialSums(handed, own);
  if (!sum.ok) throw new Error(`the sums of two cohorts do not merge: ${sum.reason}`);
  return sum.value;
}

/** A shard stays as it is if no update counts. */
async function publish(sum: PartialSum, request: FoldRequest, blobs: Blobs): Promise<SettledShard> {
  const { segment, shard } = sum.unit;
  const version = request.manifest.segments[segment];
  const old = version?.shards[shard];
  if (!old) throw new Error(`the version of the leases lacks shard ${shard} of ${segment}`);
  const drift = await driftStep(version, request.allExamples?.[segment], shard, blobs);
  const moved = applyAggregate(await blobs.get(old.sha256), sum, drift);
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
