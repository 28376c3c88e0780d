/** The share of the time that the trainer works, in (0, 1]. It rests for the others. A guest changes it while it trains. */
export class Effort {
  private current = 1;

  get share(): number {
    return this.current;
  }

  /** @param share anything else than a share is held to its bounds */
  set(share: number): void {
    this.current = Number.isFinite(share) ? Math.min(1, Math.max(LEAST_EFFORT, share)) : 1;
  }

  /** How long to rest after so much work. */
  restMs(workedMs: number): number {
    return workedMs * (1 / this.current - 1);
  }
}

/** With less, a lease would take more than ten times as long as its round expects. */
export const LEAST_EFFORT = 0.1;
