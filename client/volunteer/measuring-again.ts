import type { LeaseResponse } from '../../shared/protocol/messages.ts';
import type { VolunteerOptions } from './volunteer-options.ts';

/** [LEASE20] A machine that is busy now mostly is so for longer. To measure takes a fifth of a second. */
const LEAST_MS = 60_000;

/** Measures a device that the platform holds to be too slow, now and then. */
export class MeasuringAgain {
  private readonly trainer: Pick<VolunteerOptions['trainer'], 'measure'>;
  private isWanted = false;
  private measuredAt = Number.NEGATIVE_INFINITY;
  private fastest: number;

  /** @param told multiply-accumulates a second, as the device measured when it came; 0 if it did not */
  constructor(trainer: Pick<VolunteerOptions['trainer'], 'measure'>, told: number) {
    this.trainer = trainer;
    this.fastest = told;
  }

  /** The platform's reply to the last question says whether to measure before the next one. */
  heard(reply: LeaseResponse): void {
    this.isWanted = reply.type === 'wait' && reply.measure === true;
  }

  /** Null if nobody wants it, if it is not time yet, or if it fails: then all stays as it was told. */
  async measured(): Promise<number | null> {
    if (!this.isWanted || performance.now() - this.measuredAt < LEAST_MS) return null;
    this.measuredAt = performance.now();
    const measured = await this.trainer.measure().catch(() => null);
    this.fastest = Math.max(this.fastest, measured ?? 0);
    return measured;
  }

  /** The fastest that was measured: whatever else the machine did at another moment is no property of the device. */
  get macsPerSecond(): number {
    return this.fastest;
  }
}
