import { lateRounds } from '../federation/round/round-policy.ts';
import { type Difference, DifferenceFound, ReplayRefusal } from './difference.ts';
import { oldestWhole } from './find-start.ts';
import { type LedgerRecord, readLedger } from './ledger-record.ts';
import type { ReplayPorts } from './ports.ts';
import { type OnProgress, ReplayedRun } from './replayed-run.ts';
import { tellUnknown } from './unknown-entries.ts';
import { YoungArchives } from './young-archives.ts';

export interface ReplayOptions {
  /** The versions to recompute. If left out, all that are out and can be. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /**
   * The time. A version is archived a little after it is out, so if the newest ones lack updates, that is no difference
   * yet. If it is left out, it is.
   */
  readonly now?: number;
  /** Before each version and after each update. If it throws, the replay ends with that. */
  readonly onProgress?: OnProgress;
}

export interface ReplayOutcome {
  /** The versions that were recomputed and are the same, from the first to the last; null if none is. */
  readonly matched: { readonly first: number; readonly last: number } | null;
  /** The updates that went into them. */
  readonly updates: number;
  /** The newest version that is out. */
  readonly newest: number;
  /** Up to this version nothing can be recomputed any more: its updates were swept. 0 if everything can. */
  readonly sweptTo: number;
  /** From this version on the updates are not archived yet; null if all are. */
  readonly unarchived: number | null;
  /** How many entries of the ledger this release cannot read, by their types. They were passed over. */
  readonly unknown: Readonly<Record<string, number>>;
  /** Where it ended, if something is not the same. */
  readonly difference: Difference | null;
}

/**
 * Recomputes the versions of a run from what everybody can read, with the machines that made them, up to the first
 * difference. The host's version 0 is taken as it is. Memory holds the sums of a role, one envelope and one shard.
 * @throws ReplayRefusal if there is nothing to recompute, or what a port or `onProgress` throws
 */
export async function replayRun(ports: ReplayPorts, options: ReplayOptions = {}): Promise<ReplayOutcome> {
  const done: Done = {
    ...{ newest: 0, sweptTo: 0, unarchived: null, unknown: {}, updates: 0 },
    ...{ first: 0, last: 0 },
  };
  try {
    await replayAll(ports, options, done);
    return outcomeOf(done, null);
  } catch (error) {
    // Such an entry may be why nothing can be recomputed.
    if (error instanceof ReplayRefusal)
      throw new ReplayRefusal([error.message, ...tellUnknown(done.unknown)].join('; '));
    if (!(error instanceof DifferenceFound)) throw error;
    await refuseSwept(ports, error.difference);
    return outcomeOf(done, error.difference);
  }
}

/** What is known so far. 0 is no version. */
interface Done {
  newest: number;
  sweptTo: number;
  unarchived: number | null;
  unknown: Readonly<Record<string, number>>;
  updates: number;
  first: number;
  last: number;
}

const outcomeOf = ({ first, last, ...done }: Done, difference: Difference | null): ReplayOutcome => ({
  matched: last === 0 ? null : { first, last },
  ...{ ...done, difference },
});

async function replayAll(ports: ReplayPorts, options: ReplayOptions, done: Done): Promise<void> {
  const ledger = await readLedger(ports.ledger(), lateRounds(ports.config.spec));
  done.newest = ledger.lastVersion;
  done.unknown = Object.fromEntries(ledger.unknown);
  const start = await oldestWhole(ports, ledger);
  done.sweptTo = start - 1;
  const { first, last } = chooseVersions(start, ledger, options);
  const young = new YoungArchives(ports, ledger, options.now);
  const noting = { ...ports, archives: young };
  const replay = await ReplayedRun.begin(noting, ledger, first, options.onProgress ?? (() => {}));
  for (let version = first; version <= last; version++) {
    const updates = await orUnarchived(replay.next(last), young);
    if (updates === 'unarchived') {
      done.unarchived = version;
      break;
    }
    if (updates === null) {
      done.sweptTo = version;
      continue;
    }
    noteMatched(done, version, updates);
  }
  if (done.last === 0)
    throw new ReplayRefusal(
      done.unarchived === null
        ? notKept(last)
        : `version ${done.unarchived} is not archived yet: try again soon`,
    );
  await replay.checkShards();
}

/** What matched before a version that could not be compared is not told: the versions that are told lie side by side. */
function noteMatched(done: Done, version: number, updates: number): void {
  const isFirst = done.last === 0 || done.sweptTo > done.last;
  done.first = isFirst ? version : done.first;
  done.updates = isFirst ? updates : done.updates + updates;
  done.last = version;
}

async function orUnarchived<T>(recomputed: Promise<T>, young: YoungArchives): Promise<T | 'unarchived'> {
  try {
    return await recomputed;
  } catch (error) {
    if (error instanceof DifferenceFound && young.isUnarchived(error.difference)) return 'unarchived';
    throw error;
  }
}

/**
 * A run that goes on sweeps what is old meanwhile. What may be gone by now is no difference.
 * @throws ReplayRefusal
 */
async function refuseSwept(ports: ReplayPorts, { version, of, found }: Difference): Promise<void> {
  const { keepRounds } = ports.config.spec.policy;
  if (found !== 'none' || keepRounds === 0) return;
  // [SWEEP3] A version is kept as long as the round that began with it.
  const round = of === 'update' ? version : version + 1;
  if (await ports.manifest(round + keepRounds))
    throw new ReplayRefusal(
      `version ${version} was swept while it was recomputed: run this again, and it begins with what is kept`,
    );
}

const notKept = (version: number): string =>
  `the updates of version ${version} and of those before it are not kept any more`;

/** @throws ReplayRefusal if there are no such versions */
function chooseVersions(
  start: number,
  { lastVersion }: LedgerRecord,
  { from = start, to = lastVersion }: ReplayOptions,
): { readonly first: number; readonly last: number } {
  if (lastVersion === 0)
    throw new ReplayRefusal('the run has published no version yet, only the one that its host made');
  if (to > lastVersion)
    throw new ReplayRefusal(`version ${to} is not out yet: the newest is version ${lastVersion}`);
  if (from > lastVersion)
    throw new ReplayRefusal(`version ${from} is not out yet: the newest is version ${lastVersion}`);
  if (from > to)
    throw new ReplayRefusal(
      `version ${from} comes after version ${to}: the first must not be after the last`,
    );
  const first = Math.max(1, from, start);
  if (first > to) throw new ReplayRefusal(notKept(to));
  return { first, last: to };
}
