import { errorText } from '../../../shared/protocol/error-text.ts';
import { type CallKernel, JobBoard } from './job-board.ts';

/** What a helper thread starts with. */
export interface KernelThreadSetup {
  /** Compiled once; its memory import is declared shared. */
  readonly module: WebAssembly.Module;
  /** The memory that every thread works on. */
  readonly memory: WebAssembly.Memory;
  readonly board: SharedArrayBuffer;
  /** The thread's number on the board, from 1 on. */
  readonly place: number;
  /** Names of the kernels; the board calls them by their place in this list. */
  readonly kernels: readonly string[];
}

/** A helper's only message: null if it is about to serve, else why it cannot. */
export type KernelThreadReport = { readonly failure: string | null };

/**
 * A helper thread's whole life, the same in a browser and in Node: it makes an instance of its own on the shared
 * memory, reports, and then does jobs until the thread is ended. If it serves, it never returns to its event loop.
 */
export function serveKernels(setup: KernelThreadSetup, report: (message: KernelThreadReport) => void): void {
  let call: CallKernel;
  try {
    call = callerOf(setup);
  } catch (error) {
    report({ failure: errorText(error) });
    return;
  }
  report({ failure: null });
  new JobBoard(setup.board).serve(call, setup.place);
}

/** @throws LinkError if the module does not fit the memory, or lacks a kernel */
export function callerOf({
  module,
  memory,
  kernels,
}: Omit<KernelThreadSetup, 'board' | 'place'>): CallKernel {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const functions = kernels.map(name => {
    const kernel = exports[name];
    if (typeof kernel !== 'function') throw new WebAssembly.LinkError(`the module has no kernel ${name}`);
    return kernel;
  });
  return (kernel, args, from, to) => functions[kernel]?.(...args, from, to);
}
