import type { OnProgress } from '../trainer-api.ts';

const REPORT_MS = 200;

/** The trainer hears nothing between two pauses, so this bounds how late a cancel comes. */
const BREATH_MS = 50;

/** A pause or a stop ended the lease. */
export class AbortError extends Error {
  constructor() {
    super('the lease was cancelled');
    this.name = 'AbortError';
  }
}

/** Lets messages in between batches, tells how far the work is, and ends it if it was cancelled. */
export class WorkPace {
  private isCancelled = false;
  private done = 0;
  private reportedAt = 0;
  private breathedAt = performance.now();
  private readonly total: number;
  private readonly onProgress: OnProgress;

  constructor(total: number, onProgress: OnProgress = () => {}) {
    this.total = total;
    this.onProgress = onProgress;
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
    await this.breathe();
    if (performance.now() - this.reportedAt < REPORT_MS) return;
    const loss = (await readLoss?.()) ?? null;
    this.reportedAt = performance.now();
    this.onProgress(Math.min(1, this.done / this.total), loss);
  }

  /**
   * Call it between micro-batches: it hears a cancel if the last pause was long ago.
   * @throws AbortError
   */
  async breathe(): Promise<void> {
    if (performance.now() - this.breathedAt >= BREATH_MS) {
      await new Promise(resolve => setTimeout(resolve, 0));
      this.breathedAt = performance.now();
    }
    if (this.isCancelled) throw new AbortError();
  }
}
