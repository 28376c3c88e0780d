interface Appointment {
  readonly at: number;
  readonly action: () => void | Promise<void>;
}

/**
 * Time that passes from one appointment to the next. Those of one moment are kept in the order in which they were
 * made.
 */
export class VirtualClock {
  now: number;
  private readonly start: number;
  private readonly appointments: Appointment[] = [];

  constructor(start: number) {
    this.now = start;
    this.start = start;
  }

  get elapsed(): number {
    return this.now - this.start;
  }

  at(at: number, action: Appointment['action']): void {
    let low = 0;
    let high = this.appointments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.appointments[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    this.appointments.splice(low, 0, { at, action });
  }

  after(ms: number, action: Appointment['action']): void {
    this.at(this.now + ms, action);
  }

  /** When something happens next. Infinity if nothing will. */
  next(): number {
    return this.appointments[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Keeps the next appointment. What the appointment waits for takes no virtual time. */
  async advance(): Promise<void> {
    const next = this.appointments.shift();
    if (!next) return;
    this.now = next.at;
    await next.action();
  }
}
