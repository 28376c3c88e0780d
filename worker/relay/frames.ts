import type { RunEvent } from '../../shared/protocol/events.ts';
import type { Frame, News } from '../../shared/protocol/frames.ts';
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

export const viewFrame = ({ view, news }: RelayScene): string => write({ type: 'view', view, ...news });

/** Nothing changed: for one who comes back in time. */
export const sameFrame = ({ view, news }: RelayScene): string =>
  changesFrame(view.seq, { ...noChanges, seq: view.seq }, news);

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
  signal: once(() => write(signal)),
  /** For a socket that did not hear the last one: nobody knows what woke meanwhile. */
  signalAfterGap: once(() => write({ ...signal, wakes: ['missed'], chance: 1 })),
});

/** The entries after `seq`. Null if there are none. */
export function entriesFrame(entries: readonly RunEvent[], seq: number): string | null {
  const later = entries.filter(entry => entry.seq > seq);
  return later.length === 0 ? null : JSON.stringify(later);
}
