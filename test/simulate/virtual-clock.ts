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
    this.heap.push({ at, made: this.made++, action });
    this.rise(this.heap.length - 1);
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
    if (first && last && first !== last) {
      this.heap[0] = last;
      this.sink(0);
    }
    return first;
  }

  private rise(from: number): void {
    for (let i = from; i > 0; i = (i - 1) >> 1) if (!this.swapIfBefore(i, (i - 1) >> 1)) return;
  }

  private sink(from: number): void {
    for (let i = from; ; ) {
      const [left, right] = [this.heap[2 * i + 1], this.heap[2 * i + 2]];
      if (!left) return;
      const child = right && isBefore(right, left) ? 2 * i + 2 : 2 * i + 1;
      if (!this.swapIfBefore(child, i)) return;
      i = child;
    }
  }

  private swapIfBefore(child: number, parent: number): boolean {
    const [a, b] = [this.heap[child], this.heap[parent]];
    if (!a || !b || !isBefore(a, b)) return false;
    this.heap[child] = b;
    this.heap[parent] = a;
    return true;
  }
}
