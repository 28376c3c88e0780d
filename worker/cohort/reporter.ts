import type { CohortEntry } from '../../shared/protocol/cohort-report.ts';
import type { Reported } from '../object-calls.ts';
import type { CohortStore } from './cohort-store.ts';

/** So many entries are reported to the coordinator in one call. */
const REPORT_BATCH = 200;

/** Between two reports of a busy cohort, unless the round waits for one. Each writes rows, here and there. */
const BATCH_MS = 1_000;

type Report = (entries: readonly CohortEntry[]) => Promise<Reported | undefined>;

/** Somebody who waits until the coordinator has heard of all entries up to a number. */
interface Listener {
  readonly number: number;
  readonly heard: () => void;
}

/**
 * Tells the coordinator what is in the log. The first entry after a quiet second is told at once, and so is the one that
 * closes the round. Others are gathered for a second.
 *
 * Whoever sent an update waits for its report, although the update is kept by then. Otherwise the coordinator would have
 * the old lease in hand when its holder asks for the next one. It would end the lease as given up, unless the ask names it
 * (LEASE2), and wake others for its place. If the ask names it, the next lease would be one beside it, which a crowd is
 * granted last (LEASE12). The wait keeps nobody from training: a volunteer asks for its next lease while an update is on
 * its way, if one is to be had.
 */
export class Reporter {
  private readonly store: CohortStore;
  private readonly report: Report;
  private running: Promise<void> | null = null;
  private reportedAt = 0;
  /** So many entries are told at once. 0 if there is no hurry. */
  private hurry = 0;
  private listeners: Listener[] = [];
  private wake: () => void = () => {};

  constructor(store: CohortStore, report: Report) {
    this.store = store;
    this.report = report;
  }

  /** Until the coordinator has heard of all that is in the log now, or could not be reached. */
  async heard(): Promise<void> {
    if (this.store.waiting === 0) return;
    const heard = new Promise<void>(resolve => {
      this.listeners.push({ number: this.store.last, heard: resolve });
    });
    this.running ??= this.run();
    if (this.isHurried) this.wake();
    await heard;
  }

  /** As `heard`, and nothing is gathered any more meanwhile. */
  async heardAtOnce(): Promise<void> {
    this.hurry = 1;
    await this.heard();
  }

  private get isHurried(): boolean {
    return this.hurry > 0 && this.store.waiting >= this.hurry;
  }

  private async run(): Promise<void> {
    try {
      while (this.store.waiting > 0) {
        await this.untilDue();
        this.reportedAt = Date.now();
        const { last, entries } = this.store.untold(REPORT_BATCH);
        const reply = await this.report(entries);
        this.store.setTold(last);
        // A coordinator of an older release does not say what it waits for.
        this.hurry = reply ? reply.wanted : 1;
        this.release(last);
      }
    } catch (error) {
      console.error('the coordinator was not told', error);
      this.release(Number.POSITIVE_INFINITY);
    } finally {
      // This is still the turn in which nothing was found waiting. So the next entry starts a new run.
      this.running = null;
    }
  }

  private async untilDue(): Promise<void> {
    // The clock may have been set back meanwhile.
    const leftMs = Math.min(BATCH_MS, this.reportedAt + BATCH_MS - Date.now());
    if (this.isHurried || leftMs <= 0) return;
    await new Promise<void>(resolve => {
      this.wake = resolve;
      setTimeout(resolve, leftMs);
    });
  }

  private release(last: number): void {
    const isHeard = ({ number }: Listener): boolean => number <= last;
    for (const { heard } of this.listeners.filter(isHeard)) heard();
    this.listeners = this.listeners.filter(listener => !isHeard(listener));
  }
}
