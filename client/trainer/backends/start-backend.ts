import * as tf from '@tensorflow/tfjs-core';
import { errorText } from '../../../shared/protocol/error-text.ts';
import '@tensorflow/tfjs-backend-cpu';
import { registerCpuKernels } from '../kernels/cpu/register-cpu-kernels.ts';
import { registerWasmTrainingKernels } from '../kernels/wasm/register-wasm-kernels.ts';
import type { BackendChoice, BackendName, TrainerInfo, TrainerOptions } from '../trainer-api.ts';
import {
  asBackendError,
  type BackendError,
  isAllocationError,
  OutOfMemoryError,
  ThreadsLostError,
  TrapError,
} from './backend-errors.ts';
import { thrownGpuError } from './gpu-watch.ts';
import { wrongAnswer } from './known-answer.ts';
import { measureMacs } from './measure-macs.ts';
import { startWasm } from './start-wasm.ts';
import { hasRealGpu, settleGpu, startWebgpu, stopWebgpu, takeGpuFailure } from './start-webgpu.ts';

/** The fastest first; each falls back to the next. */
const ORDER: readonly BackendName[] = ['webgpu', 'wasm', 'cpu'];

let startedWith: TrainerOptions | null = null;

/**
 * Starts the backend that was asked for, or the next one that works here, and times it on a small convolution. `auto`
 * takes WebGPU if there is a real GPU; a software adapter is slower than WASM.
 */
export async function startBackend(options: TrainerOptions): Promise<TrainerInfo> {
  tf.enableProdMode();
  startedWith = options;
  const wanted = await wantedBackend(options.backend);
  return startFirst([wanted, ...ORDER.slice(1).filter(backend => backend !== wanted)], options, []);
}

/**
 * Starts the backend after the one that failed while it trained. Every tensor of the old one is gone, so its models
 * must be built again.
 * @throws if no backend is left, or if none was started
 */
export async function restartBackend(after: BackendName, why: string): Promise<TrainerInfo> {
  // Nobody can use what lies on the card, and others may want its memory.
  if (after === 'webgpu') stopWebgpu();
  return startFirst(ORDER.slice(ORDER.indexOf(after) + 1), optionsOfStart(), [`${after} failed (${why})`]);
}

/**
 * Starts WebAssembly again with as many threads, on a new memory: the old one never shrinks, and after a trap nobody
 * knows what it holds. The note of the old one stays.
 */
export async function renewWasm({
  threads,
  note,
}: Pick<TrainerInfo, 'threads' | 'note'>): Promise<TrainerInfo> {
  const renewed = await startFirst(['wasm', 'cpu'], { ...optionsOfStart(), threads }, []);
  return { ...renewed, note: joinNotes(note, renewed.note) };
}

/** Starts what was asked for at first, whatever took over since. */
export const startAnew = (): Promise<TrainerInfo> => startBackend(optionsOfStart());

/** All notes, each once. */
export const joinNotes = (...notes: readonly (string | null)[]): string | null =>
  [...new Set(notes.filter(note => note !== null))].join('; ') || null;

function optionsOfStart(): TrainerOptions {
  if (!startedWith) throw new Error('no backend was started');
  return startedWith;
}

/**
 * Why the results of the backend in use cannot be trusted: what it reported since it was last asked, else what the
 * caught error means. null if there is no error, or if it is not the backend's.
 */
export function backendFailure(thrown?: unknown): BackendError | null {
  const backend = tf.getBackend();
  if (backend === 'webgpu') return takeGpuFailure() ?? thrownGpuError(thrown);
  return backend === 'wasm' ? thrownWasmError(thrown) : null;
}

/** How engines word a division by zero, or a number out of an integer's range. */
const ARITHMETIC = /divi|remainder|unrepresentable|overflow/i;

/** tfjs's own code does not check that it was given memory: it traps. */
function thrownWasmError(thrown: unknown): BackendError | null {
  const known = asBackendError(thrown);
  if (known || !(thrown instanceof Error)) return known;
  const { message } = thrown;
  if (isAllocationError(thrown)) return new OutOfMemoryError(message);
  if (!(thrown instanceof WebAssembly.RuntimeError)) return null;
  return ARITHMETIC.test(message) ? new TrapError(message) : new OutOfMemoryError(message);
}

const wantedBackend = async (choice: BackendChoice): Promise<BackendName> =>
  choice === 'auto' ? ((await hasRealGpu()) ? 'webgpu' : 'wasm') : choice;

async function startFirst(
  backends: readonly BackendName[],
  options: TrainerOptions,
  failed: readonly string[],
): Promise<TrainerInfo> {
  const failures = [...failed];
  for (const backend of backends) {
    const started = await tryBackend(backend, options);
    if ('threads' in started) {
      const fallback = failures.length > 0 ? `${failures.join('; ')}; training on ${backend}` : null;
      return { backend, ...started, note: joinNotes(fallback, started.note) };
    }
    failures.push(`${backend} does not work here (${started.failure})`);
  }
  throw new Error(failures.join('; '));
}

type Started = Omit<TrainerInfo, 'backend'> | { readonly failure: string };

/** The running backend, or why it does not start. */
async function tryBackend(backend: BackendName, options: TrainerOptions): Promise<Started> {
  try {
    return await checkedBackend(backend, options);
  } catch (error) {
    const failure = errorText(error);
    if (!(error instanceof ThreadsLostError)) return { failure };
    const alone = await tryBackend(backend, { ...options, threads: 1 });
    return 'failure' in alone ? alone : { ...alone, note: joinNotes(`1 thread: ${failure}`, alone.note) };
  }
}

/** Starts the backend, checks its results and times it. */
async function checkedBackend(backend: BackendName, options: TrainerOptions): Promise<Started> {
  const prepared = await prepare[backend](options);
  if (!(await tf.setBackend(backend))) return { failure: 'it did not start' };
  // The CPU backend is what the others are checked against, and the last resort.
  const wrong = backend === 'cpu' ? null : await wrongAnswer();
  if (wrong !== null) return { failure: wrong };
  const macsPerSecond = await measureMacs();
  await settleGpu();
  const failure = backendFailure();
  return failure ? { failure: failure.message } : { ...prepared, macsPerSecond };
}

type Prepared = Pick<TrainerInfo, 'threads' | 'note'>;
const alone: Prepared = { threads: 1, note: null };

const prepare: Readonly<Record<BackendName, (options: TrainerOptions) => Promise<Prepared>>> = {
  webgpu: async () => {
    await startWebgpu();
    return alone;
  },
  wasm: async options => {
    if (typeof WebAssembly === 'undefined') throw new Error('this engine has no WebAssembly');
    registerWasmTrainingKernels();
    return startWasm(options);
  },
  cpu: async () => {
    registerCpuKernels();
    return alone;
  },
};
