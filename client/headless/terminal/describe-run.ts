import type { RunListing } from '../../../shared/protocol/run-list.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { isClosing, runProgress } from '../../../shared/view/run-progress.ts';
import { shownAccuracy } from '../../../shared/view/shown-accuracy.ts';
import { many } from './many.ts';
import { formatPercent } from './terminal.ts';

type Run = RunView | RunListing;

/** `round 5 of 20`, or if none is in work how many are done. */
export function describeProgress(run: Run, rounds: number): string {
  const { done, working } = runProgress(run, rounds);
  return working === null ? `${done} of ${many(rounds, 'round')} done` : `round ${working} of ${rounds}`;
}

/** `open`, or that the last version is being tested. */
export const describePhase = (run: Run): string =>
  isClosing({ ...run, closing: run.closing }) ? 'testing the last version' : run.phase;

/** [VIEW8] The accuracy, with its version if that is not the newest one. `not tested` if no trained version has one. */
export function describeAccuracy(run: Run): string {
  const shown = accuracyOf(run);
  if (!shown) return run.phase === 'finished' ? 'not tested' : 'not tested yet';
  const { accuracy, version, isNewest, unconfirmed } = shown;
  const doubt = unconfirmed ? ', not confirmed' : '';
  if (!isNewest && run.phase === 'finished')
    return `not tested (version ${version} reached ${formatPercent(accuracy)}${doubt})`;
  return `${formatPercent(accuracy)}${isNewest ? '' : ` (version ${version})`}${doubt}`;
}

const accuracyOf = (run: Run) =>
  'volunteers' in run
    ? shownAccuracy(run)
    : run.version === undefined
      ? olderOf(run)
      : shownOf(run, run.version);

const shownOf = ({ tested }: RunListing, version: number) =>
  shownAccuracy({ version, tested: tested ?? null });

/** A platform of an older release does not say which version it is of. */
const olderOf = ({ accuracy }: RunListing) =>
  accuracy === null ? null : { accuracy, version: 0, isNewest: true, unconfirmed: undefined };
