type Action = () => void | Promise<void>;

interface Appointment {
  readonly at: number;
  /** Counts up with every appointment that is made. */
  readonly made: number;
  readonly action: Action;
}

const isBefore = (a: Appointment, b: Appointment): boolean =>
  a.at < b.at || (a.at === b.at && a.made < b.made);

/**
 * Time that passes from one appointment to the next. Those of one moment are kept in the order in which they were
 * made. They lie in a binary heap, since a crowd makes a hundred thousand of them.
 */
export class VirtualClock {
  now: number;
  private readonly start: number;
  private readonly heap: Appointment[] = [];
  private made = 0;

  constructor(start: number) {
    this.now = start;
    this.start = start;
  }

  get elapsed(): number {
    return this.now - this.start;
  }

  at(at: number, action: Action): void {
    this.rise({ at, made: this.made++, action });
  }

  after(ms: number, action: Action): void {
    this.at(this.now + ms, action);
  }

  /** When something happens next. Infinity if nothing will. */
  next(): number {
    return this.heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Keeps the next appointment. What the appointment waits for takes no virtual time. */
  async advance(): Promise<void> {
    const working = this.step();
    if (working) await working;
  }

  /** The same without a pause if the appointment waits for nothing. */
  step(): Promise<void> | undefined {
    const next = this.takeFirst();
    if (!next) return undefined;
    this.now = Math.max(this.now, next.at);
    return next.action() ?? undefined;
  }

  private takeFirst(): Appointment | undefined {
    const [first] = this.heap;
    const last = this.heap.pop();
    if (last && first !== last) this.sink(last);
    return first;
  }

  /** Those above it that come later move down. */
  private rise(appointment: Appointment): void {
    const { heap } = this;
    let place = heap.length;
    for (;;) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (place === 0 || !above || !isBefore(appointment, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = appointment;
  }

  /** From the top. Those below it that come earlier move up. */
  private sink(appointment: Appointment): void {
    const { heap } = this;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      let below = heap[child];
      if (!below) break;
      const right = heap[child + 1];
      if (right && isBefore(right, below)) {
        below = right;
        child += 1;
      }
      if (!isBefore(below, appointment)) break;
      heap[place] = below;
      place = child;
    }
    heap[place] = appointment;
  }
}
