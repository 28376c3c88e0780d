import type { FoldedRole, FoldRequest } from '../protocol/cohort-report.ts';
import type { SegmentVersion, ShardRef, Slots } from '../protocol/model-outline.ts';
import type { SettledShard } from './ports.ts';

/**
 * What a fold made of its shards, by segment.
 * @param segments that the fold publishes or hands on, and the averages that follow them
 */
export function foldedRole(
  updates: number,
  segments: readonly string[],
  { manifest, handsOn, allExamples }: FoldRequest,
  settled: readonly SettledShard[],
): FoldedRole {
  const of = (id: string): SettledShard[] => settled.filter(({ segment }) => segment === id);
  const published = segments.filter(id => !handsOn.includes(id));
  const slots = published
    .map(id => [id, slotsOf(manifest.segments[id], of(id))] as const)
    .filter(([, own]) => Object.keys(own).length > 0);
  const handed = segments
    .filter(id => handsOn.includes(id))
    .map(id => [id, inOrder(of(id)).flatMap(shard => shard.handed ?? [])] as const);
  return {
    updates,
    segments: Object.fromEntries(published.map(id => [id, shardsOf(manifest.segments[id], of(id))])),
    ...(slots.length > 0 && { slots: Object.fromEntries(slots) }),
    ...(allExamples && { allExamples: only(allExamples, published) }),
    ...(handed.length > 0 && { handed: Object.fromEntries(handed) }),
  };
}

const only = (counts: Readonly<Record<string, number>>, ids: readonly string[]): Record<string, number> =>
  Object.fromEntries(ids.flatMap(id => (counts[id] === undefined ? [] : [[id, counts[id]]])));

const inOrder = (settled: readonly SettledShard[]): SettledShard[] =>
  settled.toSorted((a, b) => a.shard - b.shard);

/** [PUB8] The request with the examples that the first call was asked with: a volunteer may have joined meanwhile. */
export function asBegun(request: FoldRequest, settled: readonly SettledShard[]): FoldRequest {
  if (!request.allExamples) return request;
  const begun = settled.flatMap(({ segment, allExamples: count }) =>
    count === undefined ? [] : [[segment, count]],
  );
  return { ...request, allExamples: { ...request.allExamples, ...Object.fromEntries(begun) } };
}

/** The files of a segment: new ones in the places of the old ones. */
export function shardsOf(old: SegmentVersion | undefined, settled: readonly SettledShard[]): ShardRef[] {
  const shards = [...(old?.shards ?? [])];
  for (const { shard, ref } of settled) if (ref) shards[shard] = ref;
  return shards;
}

/** What the outer optimizer keeps of a segment. */
function slotsOf(old: SegmentVersion | undefined, settled: readonly SettledShard[]): Slots {
  const slots: Record<string, (ShardRef | null)[]> = Object.fromEntries(
    Object.entries(old?.slots ?? {}).map(([name, refs]) => [name, [...refs]]),
  );
  for (const shard of settled)
    for (const [name, ref] of Object.entries(shard.slots ?? {})) {
      slots[name] ??= (old?.shards ?? []).map(() => null);
      slots[name][shard.shard] = ref;
    }
  return slots;
}
