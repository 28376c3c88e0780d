import type { RunView } from '../../../shared/protocol/run-view.ts';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import type { HostKeyFlags } from '../commands/host-key-flags.ts';
import { requireRunLink } from '../commands/require-run-link.ts';
import { formatPercent, printLine } from '../terminal/terminal.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { requireHost } from './require-host.ts';

/**
 * Takes a run back to a version that is kept, or lists those.
 * @throws UsageError if it is not kept, or if nobody says that they are the host
 */
export async function takeBack(
  link: string,
  version: number | undefined,
  flags: HostKeyFlags,
): Promise<void> {
  const { origin, run } = requireRunLink(link);
  const client = new HomeroomClient(origin);
  const [{ view }, kept] = await Promise.all([client.run(run), client.keptVersions(run)]);
  if (version === undefined) return tellKept(view, kept);
  if (!kept.includes(version))
    throw new UsageError(`version ${version} is not kept. The run can return to ${inWords(kept)}`);
  await requireHost(link, flags).host.takeBack(version);
  printLine(
    `The run goes back from version ${view.version} to version ${version}. Version ${view.version + 1} will have those weights, and everybody gets new tasks.`,
  );
}

function tellKept(view: RunView, kept: readonly number[]): void {
  const rounds = new Map(view.rounds.map(round => [round.version, round]));
  for (const version of kept) {
    const { accuracy = null, unconfirmed, weightsOf } = rounds.get(version) ?? {};
    const notes = [
      accuracy === null ? 'not tested' : formatPercent(accuracy) + (unconfirmed ? ', not confirmed' : ''),
      ...(weightsOf === undefined ? [] : [`the weights of version ${weightsOf}`]),
      ...(version === view.version ? ['the newest'] : []),
    ];
    printLine(`version ${version}: ${notes.join(', ')}`);
  }
}

/** As few words as say it: `versions 0, 4 to 9 and 12`. */
function inWords(versions: readonly number[]): string {
  const spans: [number, number][] = [];
  for (const version of versions) {
    const last = spans.at(-1);
    if (last?.[1] === version - 1) last[1] = version;
    else spans.push([version, version]);
  }
  const words = spans.map(([first, last]) => (first === last ? `${first}` : `${first} to ${last}`));
  const [final = '', ...others] = words.toReversed();
  const before = others.toReversed().join(', ');
  const noun = versions.length === 1 ? 'version' : 'versions';
  return before === '' ? `${noun} ${final}` : `${noun} ${before} and ${final}`;
}
