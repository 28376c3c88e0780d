import type { RunEvent } from '../../shared/protocol/events.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import type { LiveView } from '../../shared/view/live-view.ts';
import { viewChanges } from '../../shared/view/view-changes.ts';
import { presenceFields } from '../../shared/view/with-presence.ts';
import type { Env } from '../env.ts';
import { inTime } from '../in-time.ts';
import type { RelayBatch, RelayCount, RelayScene, RelayWish } from '../object-calls.ts';
import { relayOf } from '../relay/relay-of.ts';
import { newsOf } from './news-of.ts';
import { SignalWriter } from './signal-writer.ts';
import type { RunStore } from './store/run-store.ts';

/** [EVENT1] The relays hear of the run no more often than this. The first event after a quiet time is told at once. */
const BATCH_MS = 250;

/** A relay that could not be told is told again after this, and once it has failed a few times after the longer time. */
const RETRY_MS = 1_000;
const LATER_RETRY_MS = 10_000;
const FEW_FAILURES = 3;

/**
 * A relay that could not be told so often in a row is forgotten. That takes five minutes at least, after which it attends
 * by itself if it has sockets. Until then its sockets would hear nothing.
 */
const MOST_FAILURES = 32;

/** A relay that takes longer has failed. Nothing may wait for it for ever. */
const LONGEST_TELL_MS = 10_000;

/** The latest entries that a newcomer is shown. */
const NEWS_LENGTH = 12;

/** A relay that is told of the run. */
interface Relay {
  /** Null after the coordinator has slept, until the relay tells it. */
  session: string | null;
  entries: boolean;
  failures: number;
  /** It is told one batch at a time. */
  isBusy: boolean;
  /** A batch came while it was busy. It sees the gap in the next one and asks for what it missed. */
  hasMissed: boolean;
}

/** Who the coordinator of a run is, for its relays. */
interface TellingRun {
  readonly run: string;
  readonly minVolunteers: number;
  readonly live: LiveView;
  /** The view as it is sent. */
  readonly shown: () => RunView;
}

/**
 * Tells the relays of a run what happens in it, in batches. Which relays there are is stored; all else may be lost. A relay
 * that finds a gap between two batches asks for the run as it is.
 */
export class Relays {
  private readonly env: Env;
  private readonly ctx: DurableObjectState;
  private readonly store: RunStore;
  private readonly relays = new Map<number, Relay>();
  private readonly signals = new SignalWriter();
  /** What the relays know of the view. Null while there are none. */
  private told: RunView | null = null;
  private waiting: RunEvent[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;
  private flushedAt = 0;
  /** Somebody came or left since the last batch. */
  private hasMoved = false;

  constructor(ctx: DurableObjectState, env: Env, store: RunStore) {
    [this.ctx, this.env, this.store] = [ctx, env, store];
  }

  /** After the coordinator has slept. */
  restore({ shown }: TellingRun): void {
    for (const [slot, { entries }] of Object.entries(this.store.relays.all()))
      this.relays.set(Number(slot), { ...newRelay(null), entries });
    if (this.relays.size > 0) this.told = shown();
  }

  /** [KEY7] The run is deleted: nobody is told anything, and its rows are gone. */
  end(): void {
    clearTimeout(this.timer);
    this.timer = null;
    this.relays.clear();
    [this.told, this.waiting] = [null, []];
  }

  /** The relay in this slot is told of the run from now on. */
  attend(telling: TellingRun, slot: number, { session, entries }: RelayWish): RelayScene {
    // Whatever waits is told first, so that the next batch follows on the view that the relay gets now.
    this.flush(telling);
    const known = this.relays.get(slot);
    const asksWhoIsHere = (known?.session ?? null) === null;
    if (known?.entries !== entries) this.store.relays.keep(slot, { entries });
    // One that could not be told is told at once from now on. Whoever still waits for it lets go of it.
    const relay = known && known.failures === 0 ? known : newRelay(session);
    this.relays.set(slot, Object.assign(relay, { session, entries }));
    const { live, shown } = telling;
    this.told ??= shown();
    const latest = this.store.ledger(Math.max(0, live.core.seq - NEWS_LENGTH));
    return {
      view: shown(),
      news: newsOf(live, latest),
      signal: this.signals.present(live.core),
      asksWhoIsHere,
    };
  }

  /**
   * The run goes on by these entries.
   * @param here how many volunteers are here, 0 if nobody knows
   * @param active how many are active; it is only asked if a version came out
   */
  note(telling: TellingRun, entries: readonly RunEvent[], here: number, active: () => number): void {
    if (entries.length === 0) return;
    this.signals.note(entries, telling.live.core, telling.minVolunteers, here, active);
    if (this.relays.size === 0) return void this.signals.take(telling.live.core);
    this.waiting.push(...entries);
    this.flushSoon(telling);
  }

  /** [VIEW9] Somebody came or left. No entry tells of it. */
  notePresence(telling: TellingRun): void {
    if (this.relays.size === 0) return;
    this.hasMoved = true;
    this.flushSoon(telling);
  }

  private flushSoon(telling: TellingRun): void {
    // The clock may have been set back meanwhile.
    const dueMs = Math.min(BATCH_MS, this.flushedAt + BATCH_MS - Date.now());
    if (dueMs <= 0) this.flush(telling);
    else this.timer ??= setTimeout(() => this.flush(telling), dueMs);
  }

  private flush(telling: TellingRun): void {
    clearTimeout(this.timer);
    this.timer = null;
    if ((this.waiting.length === 0 && !this.hasMoved) || !this.told) return;
    const entries = this.waiting;
    this.waiting = [];
    this.hasMoved = false;
    this.flushedAt = Date.now();
    const batch = this.writeBatch(telling, entries);
    for (const [slot, relay] of this.relays) this.tell(telling, slot, relay, batch, entries);
  }

  /** Nobody hears of anything twice: what the relays know is the present view from here on. */
  private writeBatch({ live, shown }: TellingRun, entries: readonly RunEvent[]): RelayBatch {
    const after = shown();
    const before = this.told ?? after;
    this.told = after;
    return {
      from: before.seq,
      changes: viewChanges(before, after),
      news: newsOf(live, entries.slice(-NEWS_LENGTH)),
      signal: this.signals.take(live.core),
    };
  }

  private tell(
    telling: TellingRun,
    slot: number,
    relay: Relay,
    batch: RelayBatch,
    entries: readonly RunEvent[] = [],
  ): void {
    if (relay.isBusy) {
      relay.hasMissed = true;
      return;
    }
    relay.isBusy = true;
    const asksWhoIsHere = relay.session === null;
    const message = { ...batch, ...(relay.entries && { entries }), asksWhoIsHere };
    const told = inTime(relayOf(this.env, telling.run, slot).tell(message), LONGEST_TELL_MS)
      .then(
        count => this.count(slot, relay, count),
        (error: unknown) => this.fail(slot, relay, error),
      )
      .then(() => {
        relay.isBusy = false;
        if (relay.hasMissed) this.tellOfGap(telling, slot, relay);
      });
    this.ctx.waitUntil(told);
  }

  /** A batch in which nothing happens. The relay sees by its number that it missed something before. */
  private tellOfGap(telling: TellingRun, slot: number, relay: Relay): void {
    relay.hasMissed = false;
    if (this.relays.get(slot) !== relay || !this.told) return;
    const { told } = this;
    this.tell(telling, slot, relay, {
      from: told.seq,
      // [VIEW9] The relay cannot see by the number that it missed who came or left.
      changes: { ...viewChanges(told, told), fields: presenceFields(told) },
      news: { latest: [], names: {} },
      signal: this.signals.present(telling.live.core),
    });
  }

  private count(slot: number, relay: Relay, { session, sockets }: RelayCount): void {
    if (this.relays.get(slot) !== relay) return;
    relay.failures = 0;
    const isOfNow = relay.session === null || relay.session === session;
    relay.session ??= session;
    if (isOfNow && sockets === 0) this.forget(slot);
  }

  private async fail(slot: number, relay: Relay, error: unknown): Promise<void> {
    relay.failures += 1;
    relay.hasMissed = true;
    if (relay.failures === FEW_FAILURES) console.error(`relay ${slot} could not be told`, error);
    const waitMs = relay.failures < FEW_FAILURES ? RETRY_MS : LATER_RETRY_MS;
    if (relay.failures < MOST_FAILURES) return new Promise(resolve => setTimeout(resolve, waitMs));
    if (this.relays.get(slot) === relay) this.forget(slot);
  }

  private forget(slot: number): void {
    this.relays.delete(slot);
    this.store.relays.drop(slot);
    if (this.relays.size > 0) return;
    this.told = null;
    this.waiting = [];
  }
}

const newRelay = (session: string | null): Relay => ({
  session,
  entries: false,
  failures: 0,
  isBusy: false,
  hasMissed: false,
});
