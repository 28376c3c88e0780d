import type { HelperThread, SpawnHelper } from './helper-thread.ts';
import { type CallKernel, JobBoard } from './job-board.ts';
import { callerOf, type KernelThreadSetup } from './serve-kernels.ts';

export interface PoolSetup extends Omit<KernelThreadSetup, 'board' | 'place'> {
  /** Threads in all, with the caller's; at least 1. */
  readonly threads: number;
  /** How a helper is made; null if it cannot be made. */
  readonly spawn: SpawnHelper | null;
}

/** Runs of items for each thread. There are several, so that a thread that others keep from its core delays little. */
const RUNS_PER_THREAD = 8;

/** Runs kernels of one WebAssembly module over their work items, on this thread and its helpers. */
export class ThreadPool {
  /** Why there are fewer threads than were asked for, in words for people; null if there are as many. */
  readonly note: string | null;
  private readonly call: CallKernel;
  private readonly board: JobBoard | null;
  private helpers: readonly HelperThread[];

  private constructor(
    call: CallKernel,
    board: JobBoard | null,
    helpers: readonly HelperThread[],
    note: string | null,
  ) {
    this.call = call;
    this.board = board;
    this.helpers = helpers;
    this.note = note;
  }

  /** Threads that work now, with the caller's. */
  get threads(): number {
    return 1 + this.helpers.length;
  }

  /**
   * Starts as many helpers as it can. The memory must be shared for more than one thread.
   * @throws LinkError if the module does not fit the memory
   */
  static async start({ threads, spawn, ...setup }: PoolSetup): Promise<ThreadPool> {
    const call = callerOf(setup);
    if (threads <= 1 || !spawn) return new ThreadPool(call, null, [], null);
    const board = new JobBoard();
    const starts = await Promise.allSettled(
      Array.from({ length: threads - 1 }, (_, i) =>
        startHelper(spawn, { ...setup, board: board.buffer, place: i + 1 }),
      ),
    );
    const helpers = starts.flatMap(start => (start.status === 'fulfilled' ? [start.value] : []));
    const failure = starts.find(start => start.status === 'rejected')?.reason;
    const note = failure ? `${1 + helpers.length} of ${threads} threads started (${failure.message})` : null;
    return new ThreadPool(call, board, helpers, note);
  }

  /**
   * Calls the kernel for all items [0, items), each once, on as many threads as there is work for.
   * @throws if a helper failed; from then on the pool works with one thread
   */
  run(kernel: number, items: number, args: readonly number[]): void {
    if (items <= 0) return;
    const { threads } = this;
    const runs = Math.min(items, threads * RUNS_PER_THREAD);
    if (!this.board || threads === 1 || runs < 2) {
      this.call(kernel, args, 0, items);
      return;
    }
    try {
      this.board.work({ kernel, args, items, run: Math.ceil(items / runs), threads }, this.call);
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /** Ends the helpers; the pool goes on with the calling thread. */
  end(): void {
    for (const helper of this.helpers) helper.terminate();
    this.helpers = [];
  }
}

async function startHelper(spawn: SpawnHelper, setup: KernelThreadSetup): Promise<HelperThread> {
  const helper = spawn();
  try {
    await helper.start(setup);
    return helper;
  } catch (error) {
    helper.terminate();
    throw error;
  }
}
