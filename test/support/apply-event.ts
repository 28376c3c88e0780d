import type { RunEvent } from '../protocol/events.ts';
import type { RunView } from '../protocol/run-view.ts';
import { LiveView } from './live-view.ts';

export { emptyView } from './empty-view.ts';

/**
 * Folds one ledger entry into a view of everyone. It copies the view. Who folds many entries uses a `LiveView`, which this
 * function uses too, so they cannot disagree.
 */
export function applyEvent(view: RunView, entry: RunEvent): RunView {
  // [VIEW1] Nothing changes, not even the object.
  if (entry.seq <= view.seq) return view;
  // Who is listed is of no interest here, and to choose them would cost more than all else.
  const live = new LiveView({ ...view, listed: [] });
  live.apply(entry);
  return live.whole();
}
