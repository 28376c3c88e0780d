import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunInfo } from '../../../shared/protocol/messages.ts';
import { toOneLine } from '../../../shared/protocol/one-line.ts';
import { type Difference, placeOf } from '../../../shared/replay/difference.ts';
import { type ReplayOutcome, replayRun } from '../../../shared/replay/replay-run.ts';
import type { ReplayProgress } from '../../../shared/replay/replayed-run.ts';
import { tellUnknown } from '../../../shared/replay/unknown-entries.ts';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import { replayPorts } from '../../platform/replay-ports.ts';
import { requireRunLink } from '../commands/require-run-link.ts';
import { folderSums } from '../files/folder-sums.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { many } from '../terminal/many.ts';
import { clearStatus, printStatus, progressBar, toJsonLine } from '../terminal/terminal.ts';

export interface ReplayFlags {
  readonly json: boolean;
  readonly from?: number;
  readonly to?: number;
}

/** Recomputes a run's versions and tells whether they are the same. The exit status is 1 if one is not. */
export async function replay(link: string, { json, from, to }: ReplayFlags): Promise<void> {
  const { origin, run } = requireRunLink(link);
  const signal = interruptSignal();
  const client = new HomeroomClient(origin);
  const info = await client.run(run, signal);
  const folder = await mkdtemp(join(tmpdir(), 'homeroom-replay-'));
  let [begun, reached] = [0, 0];
  try {
    printStatus('reading the ledger');
    const outcome = await replayRun(replayPorts(client, info, folderSums(folder), signal), {
      ...{ from, to, now: Date.now() },
      onProgress: progress => {
        signal.throwIfAborted();
        begun ||= progress.version;
        reached = progress.version - 1;
        showProgress(progress);
      },
    });
    clearStatus();
    console.log(json ? inJson(info, outcome) : inWords(info, outcome).join('\n'));
    if (outcome.difference) process.exitCode = 1;
  } catch (error) {
    clearStatus();
    if (reached >= begun && reached > 0)
      console.error(`no difference ${describeRange(begun, reached)}, then it broke off`);
    if (!signal.aborted) throw error;
    process.exitCode = 130;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const describeRange = (first: number, last: number): string =>
  first === 1 ? `up to version ${last}` : `from version ${first} to ${last}`;

function showProgress({ version, last, updates, allUpdates }: ReplayProgress): void {
  const share = (version - 1 + updates / Math.max(1, allUpdates)) / last;
  printStatus(
    `${progressBar(share)} version ${version} of ${last}, ${updates} of ${many(allUpdates, 'update')}`,
  );
}

const inJson = ({ run, spec, view }: RunInfo, outcome: ReplayOutcome): string => {
  const { phase } = view;
  const { keepRounds } = spec.policy;
  return toJsonLine({ run, phase, keepRounds, ...outcome });
};

function inWords(info: RunInfo, outcome: ReplayOutcome): string[] {
  const { matched, updates, unknown, difference } = outcome;
  const same = matched && `${countOf(matched)}: ${many(updates, 'update')}, every shard to the byte.`;
  return [
    ...sweptLines(info, outcome),
    ...(difference ? differenceLines(difference) : []),
    ...(same ? [difference ? `Before it ${same}` : upperFirst(same)] : []),
    ...tellUnknown(unknown).map(line => `${upperFirst(toOneLine(line))}. A newer homeroom may check them.`),
    ...goesOnLines(info, outcome),
  ];
}

const upperFirst = (text: string): string => text.replace(/^./, first => first.toUpperCase());

const countOf = ({ first, last }: NonNullable<ReplayOutcome['matched']>): string =>
  first === last
    ? `version ${first} matches`
    : first === 1
      ? `all ${last} versions match`
      : `all ${last - first + 1} versions from ${first} to ${last} match`;

function sweptLines({ spec }: RunInfo, { sweptTo }: ReplayOutcome): string[] {
  if (sweptTo === 0) return [];
  const which = sweptTo === 1 ? 'Version 1' : `Versions 1 to ${sweptTo}`;
  const { keepRounds } = spec.policy;
  return [`${which} can no longer be recomputed: their updates were kept for ${many(keepRounds, 'round')}.`];
}

/** What was found is whatever the platform sent, so it must not end its line or move the cursor. */
const differenceLines = (difference: Difference): string[] =>
  [
    `DIFFERENCE at ${placeOf(difference)}`,
    `  expected  ${difference.expected}`,
    `  found     ${difference.found}`,
    `  cause     ${difference.why}`,
  ].map(toOneLine);

/** What is said of a run that is not over. */
const goesOnLines = ({ view }: RunInfo, { newest, unarchived, difference }: ReplayOutcome): string[] => [
  ...(unarchived === null ? [] : [`Version ${unarchived} is not archived yet: try again in a minute.`]),
  ...(view.phase === 'finished' || difference
    ? []
    : [`The run goes on: version ${newest} was its newest when this began.`]),
];
