import type { RunEvent } from '../../shared/protocol/events.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { LiveView } from '../../shared/view/live-view.ts';

/** What a run with this ledger shows of itself. */
export function shownOf(ledger: readonly RunEvent[]): RunView {
  const live = new LiveView();
  for (const entry of ledger) live.apply(entry);
  return live.shown();
}
