/**
 * Hands out turns: so many at once, and then one after another (the leaky bucket as a meter, ITU-T I.371: it keeps one
 * time and no list).
 */
export class Turns {
  private readonly burst: number;
  private readonly everyMs: number;
  private next = 0;

  /** @param burst turns at once, after a quiet time */
  constructor(burst: number, everyMs: number) {
    [this.burst, this.everyMs] = [burst, everyMs];
  }

  /** How long whoever takes a turn now waits for it. */
  waitMs(now: number): number {
    return Math.max(0, this.due(now) - now);
  }

  /** @returns when it is, `now` or later */
  take(now: number): number {
    const due = this.due(now);
    this.next = due + this.everyMs;
    return Math.max(now, due);
  }

  /** Whether nobody has taken a turn for so long that it may be forgotten. */
  isFull(now: number): boolean {
    return this.next <= this.fullAt(now);
  }

  /** If the clock was set back, nobody waits for as long. */
  private due(now: number): number {
    const isAhead = this.next > now + LONGEST_WAIT_MS + this.everyMs;
    return isAhead ? now : Math.max(this.next, this.fullAt(now));
  }

  private fullAt(now: number): number {
    return now - (this.burst - 1) * this.everyMs;
  }
}

/** Whoever would wait longer is given no turn. */
export const LONGEST_WAIT_MS = 600_000;
