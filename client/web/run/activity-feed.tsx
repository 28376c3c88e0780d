import type { RunEvent } from '../../../shared/protocol/events.ts';
import { formatTime } from '../ui/format.ts';
import { runWords } from '../words/run-words.ts';
import { describeEvent, type NameOf } from './describe-event.ts';

const SHOWN = 12;

/** The latest events in words, the newest first. */
export function ActivityFeed({ events, nameOf }: { events: readonly RunEvent[]; nameOf: NameOf }) {
  const words = runWords();
  const latest = events.slice(-SHOWN).reverse();
  return (
    <section class="card" aria-labelledby="feed-title">
      <h2 id="feed-title">{words.feed}</h2>
      {latest.length === 0 && <p class="muted">{words.nothingYet}</p>}
      <ol class="feed" data-testid="feed">
        {latest.map(({ seq, at, event }) => (
          <li key={seq} data-event={event.type}>
            <time dateTime={new Date(at).toISOString()}>{formatTime(at)}</time>
            <span>{describeEvent(event, nameOf)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
