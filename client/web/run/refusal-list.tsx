import type { RunView } from '../../../shared/protocol/run-view.ts';
import { formatCount, formatTime } from '../ui/format.ts';
import { eventWords } from '../words/event-words.ts';
import { inPageLanguage } from '../words/language.ts';
import { runWords } from '../words/run-words.ts';
import type { NameOf } from './describe-event.ts';

const SHOWN = 6;

/** The updates that were refused: from whom, and why. */
export function RefusalList({ view, nameOf }: { view: RunView; nameOf: NameOf }) {
  const words = runWords();
  return (
    <section class="card" aria-labelledby="refusals-title">
      <h2 id="refusals-title">{words.refused}</h2>
      <p>
        <strong data-testid="refused">{formatCount(view.refused)}</strong> {words.refusedWord},{' '}
        <strong data-testid="accepted">{formatCount(view.accepted)}</strong> {words.acceptedWord}
      </p>
      <ul class="feed" hidden={view.refusals.length === 0}>
        {view.refusals.slice(0, SHOWN).map(({ seq, at, volunteer, reason, detail }) => (
          <li key={seq} data-reason={reason}>
            <time dateTime={new Date(at).toISOString()}>{formatTime(at)}</time>
            <span>
              {nameOf(volunteer)}: {eventWords().refusal(reason)}
              {detail && <small class="muted"> ({inPageLanguage(detail)})</small>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
