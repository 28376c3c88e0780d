import { refusals } from '../../../shared/protocol/refusals.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { formatCount, formatTime } from '../ui/format.ts';
import type { NameOf } from './describe-event.ts';

const SHOWN = 6;

/** The updates that were refused: from whom, and why. */
export function RefusalList({ view, nameOf }: { view: RunView; nameOf: NameOf }) {
  return (
    <section class="card" aria-labelledby="refusals-title">
      <h2 id="refusals-title">Refused</h2>
      <p>
        <strong data-testid="refused">{formatCount(view.refused)}</strong> refused,{' '}
        <strong data-testid="accepted">{formatCount(view.accepted)}</strong> accepted
      </p>
      <ul class="feed" hidden={view.refusals.length === 0}>
        {view.refusals.slice(0, SHOWN).map(({ seq, at, volunteer, reason, detail }) => (
          <li key={seq} data-reason={reason}>
            <time dateTime={new Date(at).toISOString()}>{formatTime(at)}</time>
            <span>
              {nameOf(volunteer)}: {refusals[reason].text}
              {detail && <small class="muted"> ({detail})</small>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
