import type { OnProgress } from '../trainer-api.ts';
import { Effort } from './effort.ts';

const REPORT_MS = 200;

/** The trainer hears nothing between two pauses, so this bounds how late a cancel comes. */
const BREATH_MS = 50;

/** A longer rest is taken in pieces, so that a cancel, or more effort, is heard within one. */
const REST_PIECE_MS = 100;

/** A pause or a stop ended the lease. */
export class AbortError extends Error {
  constructor() {
    super('the lease was cancelled');
    this.name = 'AbortError';
  }
}

/** Lets messages in between batches, rests, tells how far the work is, and ends it if it was cancelled. */
export class WorkPace {
  private isCancelled = false;
  private done = 0;
  private reportedAt = 0;
  private breathedAt = performance.now();
  private readonly total: number;
  private readonly onProgress: OnProgress;
  private readonly effort: Effort;

  constructor(total: number, onProgress: OnProgress = () => {}, effort = new Effort()) {
    this.total = total;
    this.onProgress = onProgress;
    this.effort = effort;
  }

  cancel(): void {
    this.isCancelled = true;
  }

  /**
   * Call it after each batch, with its number of examples. A few times a second it waits for `readLoss`, and so for
   * the device. A GPU takes commands far faster than it carries them out, and commands in its queue cannot be
   * cancelled.
   * @throws AbortError
   */
  async step(examples: number, readLoss?: () => Promise<number>): Promise<void> {
    this.done += examples;
    await this.breathe(readLoss);
    if (performance.now() - this.reportedAt < REPORT_MS) return;
    const loss = (await readLoss?.()) ?? null;
    this.reportedAt = performance.now();
    this.onProgress(Math.min(1, this.done / this.total), loss);
  }

  /**
   * Call it between micro-batches: it hears a cancel if the last pause was long ago.
   * @param settle waits for the device. Without it a GPU would work on through the rest
   * @throws AbortError
   */
  async breathe(settle?: () => Promise<unknown>): Promise<void> {
    if (performance.now() - this.breathedAt >= BREATH_MS) {
      if (this.effort.share < 1) await settle?.();
      await this.rest(performance.now() - this.breathedAt);
      this.breathedAt = performance.now();
    }
    if (this.isCancelled) throw new AbortError();
  }

  /** Rests as long as the effort asks for after so much work, but at least for a moment, in which messages come in. */
  private async rest(workedMs: number): Promise<void> {
    const startedAt = performance.now();
    const leftMs = (): number => this.effort.restMs(workedMs) - (performance.now() - startedAt);
    do await new Promise(resolve => setTimeout(resolve, Math.max(0, Math.min(REST_PIECE_MS, leftMs()))));
    while (!this.isCancelled && leftMs() > 0);
  }
}
