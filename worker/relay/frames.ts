import type { RunEvent } from '../../shared/protocol/events.ts';
import type { Frame, News, Signal } from '../../shared/protocol/frames.ts';
import { presenceFields } from '../../shared/view/with-presence.ts';
import type { RelayBatch, RelayScene } from '../object-calls.ts';

/** A text that is made when it is first wanted, and once however many sockets get it. */
const once = (make: () => string): (() => string) => {
  let text: string | null = null;
  return () => {
    text ??= make();
    return text;
  };
};

const write = (frame: Frame): string => JSON.stringify(frame);

/** The same of a value that is never changed, as long as it is there. */
const onceFor = <Of extends object>(make: (value: Of) => string): ((value: Of) => string) => {
  const made = new WeakMap<Of, () => string>();
  return value => {
    const text = made.get(value) ?? once(() => make(value));
    made.set(value, text);
    return text();
  };
};

/** A crowd that comes back at once gets the same one, of about 50,000 characters. */
export const viewFrame = onceFor(({ view, news }: RelayScene) => write({ type: 'view', view, ...news }));

/** Nothing changed but who is here: for one who comes back in time. */
export const sameFrame = ({ view, news }: RelayScene): string =>
  changesFrame(view.seq, { ...noChanges, fields: presenceFields(view), seq: view.seq }, news);

const noChanges = {
  fields: {},
  volunteers: [],
  unlisted: [],
  rounds: [],
  leftOut: [],
  refusals: [],
};

const changesFrame = (from: number, changes: RelayBatch['changes'], news: News): string =>
  write({ type: 'changes', from, changes, ...news });

/** What the sockets of each kind get of a batch. */
export const framesOf = ({ from, changes, news, signal }: RelayBatch) => ({
  changes: once(() => changesFrame(from, changes, news)),
  /** For those who are to ask for work. The relay has drawn them, so they do not draw again. */
  wake: once(() => write({ ...signal, chance: 1 })),
  /** For those who are not, if it says something new. */
  signal: once(() => write({ ...signal, wakes: [], chance: 1 })),
  /** For a socket that did not hear the last one: nobody knows what woke meanwhile. */
  signalAfterGap: once(() => write({ ...signal, wakes: ['missed'], chance: 1 })),
});

/** [EVENT4] Whether a volunteer acts on what has changed, even if it brings no work. */
export const isNews = (signal: Signal, before: Signal | null): boolean =>
  before === null ||
  signal.phase !== before.phase ||
  signal.version !== before.version ||
  signal.closing !== before.closing ||
  signal.checking !== before.checking;

const allEntries = onceFor((entries: readonly RunEvent[]) => JSON.stringify(entries));

/** The entries after `seq`. Null if there are none. Nearly every socket of a batch gets all of them. */
export function entriesFrame(entries: readonly RunEvent[], seq: number): string | null {
  const later = entries.filter(entry => entry.seq > seq);
  if (later.length === 0) return null;
  return later.length === entries.length ? allEntries(entries) : JSON.stringify(later);
}
