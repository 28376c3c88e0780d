/**
 * The one alarm of an object. The platform bills each change of it as a row written. So an alarm that is set too early
 * stays: it rings in vain once, and is set anew then.
 */
export class AlarmClock {
  private readonly storage: Pick<DurableObjectStorage, 'getAlarm' | 'setAlarm'>;
  /** When it rings. Infinity if it does not. */
  private ringsAt = Number.POSITIVE_INFINITY;

  constructor(storage: Pick<DurableObjectStorage, 'getAlarm' | 'setAlarm'>) {
    this.storage = storage;
  }

  /** What was set before the object slept. Nothing else may happen until this is known. */
  async wake(): Promise<void> {
    this.ringsAt = (await this.storage.getAlarm()) ?? Number.POSITIVE_INFINITY;
  }

  /** It rings at this moment or earlier. It is set in the same turn, so that what is written in it is stored with it. */
  async ringBy(at: number): Promise<void> {
    if (at >= this.ringsAt) return;
    this.ringsAt = at;
    await this.storage.setAlarm(at);
  }

  /** It has rung, so none is set. */
  rang(): void {
    this.ringsAt = Number.POSITIVE_INFINITY;
  }
}
