import { ThreadsLostError } from '../backends/backend-errors.ts';

/**
 * The calling thread posts a kernel's work items here and helper threads take them: a small shared buffer. One job is
 * on the board at a time. A helper enters the job, takes runs of items until none is left, and leaves. The caller
 * works too. When no items are left it closes the job and waits for the helpers that are still inside. So nobody
 * waits for a helper that slept or came late, and none reads the board while the next job is written.
 */
const GENERATION = 0;
/**
 * The generation, whether the job is open, and how many helpers are inside; in one word, so that entering is atomic.
 */
const STATE = 1;
const KERNEL = 2;
const ARGUMENTS = 3;
const ITEMS = 4;
const RUN = 5;
const THREADS = 6;
const FAILURES = 7;
/** The next item of each thread's own stretch, each on a cache line of its own. */
const NEXT = 16;
const LINE = 16;
const MAX_THREADS = 64;
const WORDS = NEXT + MAX_THREADS * LINE;

/** Room for a kernel's arguments, as doubles: they hold addresses, sizes and floats exactly. */
const MAX_ARGUMENTS = 48;

const OPEN = 1 << 8;
const INSIDE = OPEN - 1;
const GENERATION_SHIFT = 9;
const GENERATIONS = 1 << 22;

/**
 * How long a reader looks at a word before it sleeps on it. Waking a sleeper costs the caller 10 to 20 µs, and it
 * comes later still. Between two of our kernels in a training step there is mostly less than 0.5 ms of tfjs's own
 * work. Looking for longer would keep a core from others.
 */
const SPIN_MS = 0.5;

/** The caller does this share of a job first, to see how long the whole takes. */
const TRIED = 1 / 32;

/** Work that is worth sharing with helpers that are awake; less is done before the other core has its data. */
const SHARE_MS = 0.02;

/** Work that is worth waking helpers for. */
const WAKE_MS = 0.03;

/**
 * Tells the processor that a loop waits, so that it lets the core's other thread go first. Engines have it from 2025.
 */
const pause: () => void = (Atomics as { readonly pause?: () => void }).pause ?? (() => {});

/**
 * If a helper holds its last run of items for twice this time, it is gone: its thread was ended from outside. Twice,
 * because a device that was asleep wakes up with one wait over.
 */
const LOST_MS = 15_000;

/** Calls a kernel by its place among the module's exports, for the items [from, to). */
export type CallKernel = (kernel: number, args: readonly number[], from: number, to: number) => void;

export interface Job {
  readonly kernel: number;
  readonly args: readonly number[];
  readonly items: number;
  /** Items that are taken at a time. */
  readonly run: number;
  /** Number of threads, with the caller's. */
  readonly threads: number;
}

/** Where the items of a thread's own stretch begin. */
const stretchStart = (items: number, threads: number, place: number): number =>
  Math.floor((items * place) / threads);

export class JobBoard {
  readonly buffer: SharedArrayBuffer;
  private readonly words: Int32Array;
  private readonly arguments: Float64Array;
  private readonly lostMs: number;
  private generation = 0;

  constructor(
    buffer = new SharedArrayBuffer(
      WORDS * Int32Array.BYTES_PER_ELEMENT + MAX_ARGUMENTS * Float64Array.BYTES_PER_ELEMENT,
    ),
    lostMs = LOST_MS,
  ) {
    this.buffer = buffer;
    this.lostMs = lostMs;
    this.words = new Int32Array(buffer, 0, WORDS);
    this.arguments = new Float64Array(buffer, this.words.byteLength, MAX_ARGUMENTS);
  }

  /**
   * Does a job of at least two items, with the helpers if it is large enough. All items are done when it returns.
   * @throws ThreadsLostError if a helper failed or never left the job: some items may be undone
   */
  work(job: Job, call: CallKernel): void {
    const { kernel, args, items } = job;
    const tried = Math.max(1, Math.floor(items * TRIED));
    const startedAt = performance.now();
    call(kernel, args, 0, tried);
    const leftMs = ((performance.now() - startedAt) * (items - tried)) / tried;
    if (leftMs < SHARE_MS) call(kernel, args, tried, items);
    else this.share(job, call, tried, leftMs > WAKE_MS);
  }

  /** Does what is left of a job after the first `done` items. */
  private share(job: Job, call: CallKernel, done: number, wakes: boolean): void {
    this.open(job, done);
    if (wakes) Atomics.notify(this.words, GENERATION);
    try {
      while (this.takeRun(job, call, 0));
    } finally {
      this.close();
    }
    if (Atomics.exchange(this.words, FAILURES, 0) > 0)
      throw new ThreadsLostError('a kernel failed on a helper thread');
  }

  /**
   * A helper's life: it sleeps until there is a job, works on it, and begins again. It never returns; the thread is
   * ended from outside.
   * @param place the thread's number, from 1 on; the caller is 0
   */
  serve(call: CallKernel, place: number): never {
    for (let seen = 0; ; seen = this.nextGeneration(seen)) {
      const job = this.enter(seen);
      if (job) this.workInside(job, call, place);
    }
  }

  private open({ kernel, args, items, run, threads }: Job, done: number): void {
    if (args.length > MAX_ARGUMENTS)
      throw new RangeError(`a kernel takes at most ${MAX_ARGUMENTS} arguments`);
    this.generation = (this.generation + 1) % GENERATIONS;
    this.words[KERNEL] = kernel;
    this.words[ARGUMENTS] = args.length;
    this.arguments.set(args);
    this.words[ITEMS] = items;
    this.words[RUN] = run;
    this.words[THREADS] = threads;
    // If there are few items, the done ones may reach into the stretches of others.
    for (let place = 0; place < threads; place++)
      this.words[NEXT + place * LINE] = Math.max(done, stretchStart(items, threads, place));
    Atomics.store(this.words, STATE, (this.generation << GENERATION_SHIFT) | OPEN);
    Atomics.store(this.words, GENERATION, this.generation);
  }

  private close(): void {
    Atomics.and(this.words, STATE, ~OPEN);
    for (let timeouts = 0; timeouts < 2; ) {
      const state = this.spinWhile(STATE, word => (word & INSIDE) > 0);
      if ((state & INSIDE) === 0) return;
      if (Atomics.wait(this.words, STATE, state, this.lostMs) === 'timed-out') timeouts += 1;
    }
    throw new ThreadsLostError('a helper thread was lost');
  }

  /**
   * Takes a run of the thread's own stretch, or else of another's. Items mostly follow the pictures of a batch. So a
   * thread finds in its own cache what it wrote in the kernel before.
   * @returns whether there was a run to take
   */
  private takeRun({ kernel, args, items, run, threads }: Job, call: CallKernel, place: number): boolean {
    for (let i = 0; i < threads; i++) {
      const owner = (place + i) % threads;
      const end = stretchStart(items, threads, owner + 1);
      const next = NEXT + owner * LINE;
      if (Atomics.load(this.words, next) >= end) continue;
      const from = Atomics.add(this.words, next, run);
      if (from >= end) continue;
      call(kernel, args, from, Math.min(end, from + run));
      return true;
    }
    return false;
  }

  private nextGeneration(seen: number): number {
    const generation = this.spinWhile(GENERATION, word => word === seen);
    if (generation !== seen) return generation;
    Atomics.wait(this.words, GENERATION, seen);
    return Atomics.load(this.words, GENERATION);
  }

  /** The word once `isSame` is false for it, or as it is after a while. */
  private spinWhile(word: number, isSame: (value: number) => boolean): number {
    const until = performance.now() + SPIN_MS;
    for (;;) {
      for (let spins = 0; spins < 50; spins++) {
        const value = Atomics.load(this.words, word);
        if (!isSame(value)) return value;
        pause();
      }
      if (performance.now() > until) return Atomics.load(this.words, word);
    }
  }

  /** The job of this generation if it is still open. The caller then waits until this helper leaves. */
  private enter(generation: number): Job | null {
    for (;;) {
      const state = Atomics.load(this.words, STATE);
      if (state >>> GENERATION_SHIFT !== generation || (state & OPEN) === 0) return null;
      if (Atomics.compareExchange(this.words, STATE, state, state + 1) === state) break;
    }
    return {
      kernel: this.words[KERNEL] as number,
      args: Array.from(this.arguments.subarray(0, this.words[ARGUMENTS])),
      items: this.words[ITEMS] as number,
      run: this.words[RUN] as number,
      threads: this.words[THREADS] as number,
    };
  }

  private workInside(job: Job, call: CallKernel, place: number): void {
    try {
      while (this.takeRun(job, call, place));
    } catch {
      Atomics.add(this.words, FAILURES, 1);
    }
    Atomics.sub(this.words, STATE, 1);
    Atomics.notify(this.words, STATE);
  }
}
