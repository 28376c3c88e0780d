import { changedHashes } from '../federation/round/manifests.ts';
import { aggregationOf, type FoldedRole } from '../protocol/cohort-report.ts';
import type { ToldAggregation } from '../protocol/events.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { Manifest, ModelOutline, SegmentVersion, ShardRef, Slots } from '../protocol/model-outline.ts';
import { type ToldWork, workOutcomes } from '../protocol/standing.ts';
import { type Difference, DifferenceFound } from './difference.ts';
import type { VersionEntry } from './ledger-record.ts';

export interface ComparedVersion {
  readonly model: ModelOutline;
  /** The version before. */
  readonly before: Manifest;
  readonly published: Manifest;
  readonly entry: VersionEntry;
  /** What the round's cohorts made, recomputed. */
  readonly folded: FoldedByRole;
}

export type FoldedByRole = Readonly<Partial<Record<Role, FoldedRole>>>;

/**
 * Holds a published version to the recomputed one: every shard that changed, every one that stayed, what the outer
 * optimizer keeps, and what the ledger says of the version.
 * @throws DifferenceFound at the first that is not the same
 */
export function compareVersion(compared: ComparedVersion): void {
  const { model, before, published } = compared;
  const folds = Object.values(compared.folded).flatMap(fold => fold ?? []);
  const { version } = published;
  const fresh = Object.assign({}, ...folds.map(({ segments }) => segments)) as FoldedRole['segments'];
  const slots = Object.assign({}, ...folds.map(fold => fold.slots)) as Readonly<Record<string, Slots>>;
  checkSegments(compared, Object.keys(fresh));
  for (const { id } of model.segments) {
    const shards = fresh[id];
    const old = before.segments[id];
    const wanted: Partial<SegmentVersion> | undefined = shards
      ? { version, shards: [...shards], slots: asWritten(slots[id]) }
      : old;
    compareSegment(compared, id, wanted, shards !== undefined);
  }
  checkAggregation(compared);
  checkWork(compared);
}

/**
 * [BACK2] Holds a version to the older one whose weights it has: it names the same shards, and the ledger says which
 * segments that changed.
 * @throws DifferenceFound at the first that is not the same
 */
export function compareReturned(compared: Omit<ComparedVersion, 'folded'>, kept: Manifest): void {
  const { model, before, published, entry } = compared;
  const changed = changedHashes(before, published);
  checkSegments({ ...compared, folded: {} }, Object.keys(changed));
  for (const { id } of model.segments) {
    compareSegment({ ...compared, folded: {} }, id, kept.segments[id], false);
    for (const [shard, sha256] of (changed[id] ?? []).entries()) {
      const told = entry.segments[id]?.[shard] ?? 'none';
      compareShard(
        { version: published.version, segment: id, shard },
        { wanted: sha256, given: sha256, told },
        true,
      );
    }
  }
}

const asWritten = (slots: Slots | undefined): SegmentVersion['slots'] =>
  slots && Object.fromEntries(Object.entries(slots).map(([name, files]) => [name, [...files]]));

/** The ledger names the segments that changed. */
function checkSegments({ published: { version }, entry }: ComparedVersion, fresh: readonly string[]): void {
  const [expected, found] = [fresh.toSorted().join(), Object.keys(entry.segments).toSorted().join()];
  if (expected !== found)
    throw new DifferenceFound({
      ...{ version, of: 'ledger', expected: expected || 'none', found: found || 'none' },
      why: 'the ledger names other segments that changed than the updates of this round are of',
    });
}

/** The ledger says by which rule each role counted, and to which norm its updates were clipped. */
function checkAggregation({ published: { version }, entry: { aggregation }, folded }: ComparedVersion): void {
  if (!aggregation) return;
  for (const role of Object.keys(folded) as Role[]) {
    const fold = folded[role];
    const [expected, found] = [fold && aggregationOf(fold), aggregation[role]].map(describeAggregation);
    if (expected !== found)
      throw new DifferenceFound({
        ...{ version, of: 'ledger', role, expected: expected ?? '', found: found ?? '' },
        why: 'the ledger says that the updates counted otherwise than the rule counts them',
      });
  }
}

/** [STAND2] The ledger says what the updates of each role were worth. */
function checkWork({ published: { version }, entry: { work = {} }, folded }: ComparedVersion): void {
  for (const role of Object.keys(work) as Role[]) {
    const [expected, found] = [folded[role]?.work, work[role]].map(describeWork);
    if (expected !== found)
      throw new DifferenceFound({
        ...{ version, of: 'ledger', role, expected: expected ?? '', found: found ?? '' },
        why: 'the ledger says that these updates were worth something else than their directions say',
      });
  }
}

const describeWork = (told: ToldWork | undefined): string =>
  workOutcomes
    .flatMap(outcome => told?.[outcome]?.map(volunteer => `${volunteer} ${outcome}`) ?? [])
    .join(', ');

const describeAggregation = (told: ToldAggregation = {}): string =>
  `${told.fallback ?? 'the rule of the run'}, clipped to ${told.scale ?? 'no norm'}`;

function compareSegment(
  { published, entry }: ComparedVersion,
  id: string,
  wanted: Partial<SegmentVersion> | undefined,
  isFresh: boolean,
): void {
  const { version } = published;
  const given = published.segments[id];
  if (given?.version !== wanted?.version)
    throw new DifferenceFound({
      ...{ version, of: 'manifest', segment: id },
      expected: `weights of version ${wanted?.version}`,
      found: `weights of version ${given?.version}`,
      why: 'the manifest names another version in which this segment changed last',
    });
  const told = isFresh ? (entry.segments[id] ?? []) : null;
  const count = Math.max(wanted?.shards?.length ?? 0, given?.shards.length ?? 0, told?.length ?? 0);
  for (let shard = 0; shard < count; shard++) {
    const hashes = {
      wanted: wanted?.shards?.[shard]?.sha256 ?? 'none',
      given: given?.shards[shard]?.sha256 ?? 'none',
      told: told ? (told[shard] ?? 'none') : null,
    };
    compareShard({ version, segment: id, shard }, hashes, isFresh);
  }
  compareSlots({ version, segment: id }, wanted?.slots ?? {}, given?.slots ?? {});
}

function compareShard(
  place: Pick<Difference, 'version' | 'segment' | 'shard'>,
  { wanted, given, told }: { wanted: string; given: string; told: string | null },
  isFresh: boolean,
): void {
  if (given === wanted && (told ?? wanted) === wanted) return;
  if (given === wanted)
    throw new DifferenceFound({
      ...{ ...place, of: 'ledger', expected: wanted, found: told ?? 'none' },
      why: 'the manifest has the shard that the updates make, the ledger names another: the ledger’s entry of the version was changed',
    });
  const isTold = told === wanted;
  throw new DifferenceFound({
    ...{ ...place, of: isTold || !isFresh ? 'manifest' : 'shard', expected: wanted, found: given },
    why: isTold
      ? 'the ledger names the shard that the updates make, the manifest names another: the manifest was changed'
      : isFresh
        ? 'the accepted updates of this round do not make this shard: one was counted otherwise, or the shard was changed when it was published'
        : 'nothing was trained in this segment, so it should have kept its weights, or those of the version that the run returned to',
  });
}

/** [PUB8] What the outer optimizer keeps. */
function compareSlots(place: Pick<Difference, 'version' | 'segment'>, wanted: Slots, given: Slots): void {
  for (const slot of new Set([...Object.keys(wanted), ...Object.keys(given)])) {
    const count = Math.max(wanted[slot]?.length ?? 0, given[slot]?.length ?? 0);
    for (let shard = 0; shard < count; shard++) {
      const [expected, found] = [hashOf(wanted[slot]?.[shard]), hashOf(given[slot]?.[shard])];
      if (expected !== found)
        throw new DifferenceFound({
          ...{ ...place, of: 'shard', slot, shard, expected, found },
          why: 'the accepted updates do not make what is kept of the drift',
        });
    }
  }
}

const hashOf = (ref: ShardRef | null | undefined): string => ref?.sha256 ?? 'none';
