import type { RunEvent } from '../../shared/protocol/events.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { LiveView } from '../../shared/view/live-view.ts';

/**
 * Folds one ledger entry into a view of everyone. It copies the view, so that a test can keep each one; the
 * product folds in place.
 */
export function applyEvent(view: RunView, entry: RunEvent): RunView {
  // [VIEW1] Nothing changes, not even the object.
  if (entry.seq <= view.seq) return view;
  // Who is listed is of no interest here, and to choose them would cost more than all else.
  const live = new LiveView({ ...view, listed: [] });
  live.apply(entry);
  return live.whole();
}
