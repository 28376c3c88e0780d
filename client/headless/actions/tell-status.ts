import { cohortsOf, countCohorts } from '../../../shared/protocol/cohorts.ts';
import type { RunInfo } from '../../../shared/protocol/messages.ts';
import { toOneLine } from '../../../shared/protocol/one-line.ts';
import { runPage } from '../../../shared/protocol/paths.ts';
import { explainPause } from '../../../shared/protocol/pause.ts';
import { defenceOf } from '../../../shared/view/defence.ts';
import { describeDefence, describeGap } from '../../../shared/view/describe-defence.ts';
import { whyWaiting } from '../../../shared/view/why-waiting.ts';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import { requireOrigin } from '../commands/require-origin.ts';
import { requireRunLink } from '../commands/require-run-link.ts';
import { describeAccuracy, describePhase, describeProgress } from '../terminal/describe-run.ts';
import { many } from '../terminal/many.ts';
import { RoundTable } from '../terminal/round-table.ts';
import { printLine, toJsonLine } from '../terminal/terminal.ts';

export interface StatusOptions {
  readonly json: boolean;
}

/** @param url of a run, or of a platform, whose runs are listed then */
export const tellStatus = (url: string, { json }: StatusOptions): Promise<void> =>
  url.includes('#') ? tellRun(url, json) : tellRuns(url, json);

async function tellRuns(origin: string, json: boolean): Promise<void> {
  const client = new HomeroomClient(requireOrigin(origin));
  const runs = await client.listRuns();
  if (json) return console.log(toJsonLine(runs));
  if (runs.length === 0) console.log('no public runs yet');
  for (const listing of runs)
    printLine(
      `${client.origin}${runPage(listing.run)}  ${describePhase(listing)}, ${describeProgress(listing, listing.rounds)}, ${describeAccuracy(listing)}  ${toOneLine(listing.name)}`,
    );
}

async function tellRun(link: string, json: boolean): Promise<void> {
  const { origin, run } = requireRunLink(link);
  const info = await new HomeroomClient(origin).run(run);
  if (json) return console.log(toJsonLine(info.view));
  const { spec, view } = info;
  const { joined, left = 0 } = view;
  const cohorts = countCohorts(cohortsOf(spec), joined);
  printLine(
    `${toOneLine(spec.name)}: ${describePhase(view)}, ${describeProgress(view, spec.rounds)}, ${many(joined, 'volunteer')}` +
      (left > 0 ? ` (${left} of them left)` : '') +
      (cohorts > 1 ? ` in ${cohorts} cohorts` : ''),
  );
  if (view.phase !== 'draft') printLine(`Test accuracy: ${describeAccuracy(view)}`);
  const pause = explainPause(view);
  if (pause !== null) printLine(pause);
  const waiting = whyWaiting(view, spec, Date.now());
  if (waiting !== null) printLine(waiting);
  if (view.phase !== 'finished') tellDefence(info);
  const table = new RoundTable(info);
  table.start();
  table.update(view, true);
}

/** What defends the run against hostile updates, and what does not. */
function tellDefence({ spec, view }: RunInfo): void {
  const { gap, facts } = defenceOf(spec, view);
  for (const fact of facts) printLine(describeDefence(fact));
  if (gap) printLine(describeGap(gap));
}
