import type { RoundView, RunView, TestedView } from '../protocol/run-view.ts';
import { testOf } from './tested.ts';

/** An accuracy, and whether it is of the newest version. */
export type ShownAccuracy = Readonly<TestedView> & { readonly isNewest: boolean };

type Of = Readonly<Pick<RunView, 'version'>> & {
  readonly tested?: TestedView | null | undefined;
  /** Only a view has them. */
  readonly rounds?: readonly RoundView[] | number | undefined;
};

/**
 * [VIEW8] What people may be shown as the accuracy of a run: that of the last version that was trained and judged. If it
 * is not of the newest version, whoever shows it names its version. Null if there is none.
 */
export function shownAccuracy({ version, tested, rounds }: Of): ShownAccuracy | null {
  const known = tested ?? lastTested(typeof rounds === 'object' ? rounds : []);
  return known && { ...known, isNewest: known.version === version };
}

/** Views of older releases have no `tested`. */
function lastTested(rounds: readonly RoundView[]): TestedView | null {
  const last = rounds.findLast(({ accuracy }) => accuracy !== null);
  return last ? testOf(last) : null;
}
