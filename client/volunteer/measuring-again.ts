import type { LeaseResponse } from '../../shared/protocol/messages.ts';
import type { VolunteerOptions } from './volunteer-options.ts';

/** [LEASE20] A machine that is busy now mostly is so for longer. To measure takes a fifth of a second. */
const LEAST_MS = 60_000;

/** Measures a device that the platform holds to be too slow, now and then. */
export class MeasuringAgain {
  private readonly trainer: Pick<VolunteerOptions['trainer'], 'measure'>;
  private isWanted = false;
  private measuredAt = Number.NEGATIVE_INFINITY;

  constructor(trainer: Pick<VolunteerOptions['trainer'], 'measure'>) {
    this.trainer = trainer;
  }

  /** The platform's reply to the last question says whether to measure before the next one. */
  heard(reply: LeaseResponse): void {
    this.isWanted = reply.type === 'wait' && reply.measure === true;
  }

  /** Null if nobody wants it, if it is not time yet, or if it fails: then all stays as it was told. */
  async measured(): Promise<number | null> {
    if (!this.isWanted || performance.now() - this.measuredAt < LEAST_MS) return null;
    this.measuredAt = performance.now();
    return this.trainer.measure().catch(() => null);
  }
}
