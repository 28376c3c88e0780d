import type { RunEvent } from '../../../shared/protocol/events.ts';
import { formatTime } from '../ui/format.ts';
import { runWords } from '../words/run-words.ts';
import { describeEvent, type NameOf, type Published } from './describe-event.ts';

const SHOWN = 12;

/** The latest events in words, the newest first. */
export function ActivityFeed({ events, nameOf }: { events: readonly RunEvent[]; nameOf: NameOf }) {
  const words = runWords();
  const latest = withCounts(inWords(events, nameOf)).slice(-SHOWN).reverse();
  return (
    <section class="card" aria-labelledby="feed-title">
      <h2 id="feed-title">{words.feed}</h2>
      {latest.length === 0 && <p class="muted">{words.nothingYet}</p>}
      <ol class="feed" data-testid="feed">
        {latest.map(({ seq, at, type, text, count }) => (
          <li key={seq} data-event={type}>
            <time dateTime={new Date(at).toISOString()}>{formatTime(at)}</time>
            <span>
              {text}
              {count > 1 && <span class="muted"> ({words.times(count)})</span>}
            </span>
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

interface Line {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly text: string;
}

/** Who tests a version part by part says the same several times in a row: that is one line, of the time of the last. */
function withCounts(lines: readonly Line[]): (Line & { readonly count: number })[] {
  const counted: (Line & { readonly count: number })[] = [];
  for (const line of lines) {
    const before = counted.at(-1);
    if (before?.text === line.text) counted[counted.length - 1] = { ...line, count: before.count + 1 };
    else counted.push({ ...line, count: 1 });
  }
  return counted;
}
