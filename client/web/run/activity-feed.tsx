import type { RunEvent } from '../../../shared/protocol/events.ts';
import { formatTime } from '../ui/format.ts';
import { runWords } from '../words/run-words.ts';
import { describeEvent, type NameOf, type Published } from './describe-event.ts';

const SHOWN = 12;

/** The latest events in words, the newest first. */
export function ActivityFeed({ events, nameOf }: { events: readonly RunEvent[]; nameOf: NameOf }) {
  const words = runWords();
  const latest = inWords(events, nameOf).slice(-SHOWN).reverse();
  return (
    <section class="card" aria-labelledby="feed-title">
      <h2 id="feed-title">{words.feed}</h2>
      {latest.length === 0 && <p class="muted">{words.nothingYet}</p>}
      <ol class="feed" data-testid="feed">
        {latest.map(({ seq, at, type, text }) => (
          <li key={seq} data-event={type}>
            <time dateTime={new Date(at).toISOString()}>{formatTime(at)}</time>
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What holds for round after round is told with the first of them. */
function inWords(events: readonly RunEvent[], nameOf: NameOf) {
  let before: Published | null = null;
  return events.map(({ seq, at, event }) => {
    const text = describeEvent(event, nameOf, before);
    if (event.type === 'version-published') before = event;
    return { seq, at, type: event.type, text };
  });
}
