import type { RunView } from '../../../shared/protocol/run-view.ts';
import { formatCount, formatTime } from '../ui/format.ts';
import { eventWords } from '../words/event-words.ts';
import { inPageLanguage } from '../words/language.ts';
import { runWords } from '../words/run-words.ts';
import type { NameOf } from './describe-event.ts';

const SHOWN = 6;

interface RefusalListProps {
  readonly view: RunView;
  readonly nameOf: NameOf;
}

/** The updates that were refused: from whom, and why. */
export function RefusalList({ view, nameOf }: RefusalListProps) {
  const words = runWords();
  return (
    <section class="card" aria-labelledby="refusals-title">
      <h2 id="refusals-title">{words.refused}</h2>
      <p>
        <strong data-testid="refused">{formatCount(view.refused)}</strong> {words.refusedWord},{' '}
        <strong data-testid="accepted">{formatCount(view.accepted)}</strong> {words.acceptedWord}
      </p>
      {view.refusals.length > 0 && <Refusals view={view} nameOf={nameOf} />}
    </section>
  );
}

function Refusals({ view, nameOf }: RefusalListProps) {
  return (
    <ul class="feed">
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
  );
}
