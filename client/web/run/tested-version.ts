import type { RunView } from '../../../shared/protocol/run-view.ts';
import { type ShownAccuracy, shownAccuracy } from '../../../shared/view/shown-accuracy.ts';

/** What the big number is of, if it is of any version. */
export interface TestedNow {
  /** Null if no version may speak for the run. */
  readonly shown: ShownAccuracy | null;
  /** The newest one that was trained and tested, however old it is. */
  readonly tested: ShownAccuracy | null;
}

/**
 * While a run goes on, the last version that was trained and tested speaks for it, by its name: newer ones are being tested
 * meanwhile. Once it is over, only its last version says how good it is.
 */
export function testedNow(view: RunView): TestedNow {
  const tested = shownAccuracy(view);
  const speaks = tested !== null && (tested.isNewest || view.phase !== 'finished');
  return { shown: speaks ? tested : null, tested };
}
