import { errorText } from '../../../shared/protocol/error-text.ts';
import {
  bestSimd,
  KERNEL_NAMES,
  type KernelName,
  type SimdKernels,
  type SimdKind,
  setSimdKernels,
} from '../simd/simd-module.ts';
import { helperSpawner } from '../threads/helper-thread.ts';
import { ThreadPool } from '../threads/thread-pool.ts';
import { shareMemory } from '../threads/wasm-memory.ts';
import type { TrainerOptions } from '../trainer-api.ts';
import { readBinary } from './read-binary.ts';
import { registerWasmBackend } from './tfjs-wasm-module.ts';

export interface StartedWasm {
  /** Threads that run our kernels; tfjs's own kernels run on the calling thread. */
  readonly threads: number;
  /**
   * Whether our kernels multiply and add with one rounding. null if the engine has no SIMD, so that they do not run.
   */
  readonly isRelaxed: boolean | null;
  /** Why there are fewer threads than were asked for, in words for people; null if there are as many. */
  readonly note: string | null;
}

type Binary = Uint8Array<ArrayBuffer>;

/** Our kernels' binaries; the bundler puts their addresses here. */
const simdUrls: Readonly<Record<SimdKind, URL>> = {
  simd: new URL('../simd/build/kernels-simd.wasm', import.meta.url),
  relaxed: new URL('../simd/build/kernels-relaxed.wasm', import.meta.url),
};

/**
 * How far a shared memory may grow, in pages of 64 KiB, the most first. Such a memory reserves its addresses at once,
 * and not every device has 4 GiB of them to give.
 */
const SHARED_PAGES = [65_536, 32_768, 16_384, 8_192] as const;

/** The helpers of the backend that was started last. */
let helping: ThreadPool | null = null;

/**
 * Puts tfjs's WebAssembly backend and our kernels on one memory, and registers the backend with tfjs as 'wasm'. If
 * several threads are wanted and possible, helper threads share the memory.
 * @throws if WebAssembly does not work here, or if a binary cannot be read
 */
export async function startWasm({ wasmPaths, threads = 1 }: TrainerOptions): Promise<StartedWasm> {
  const kind = bestSimd();
  const loading = kind && readBinary(simdUrls[kind].href);
  // Whoever awaits it gets the error. But tfjs's own binary may fail first, and then nobody awaits this one.
  loading?.catch(() => {});
  endHelpers();
  const tfjs = await startTfjs(wasmPaths, kind !== null, threads > 1 && canShareMemory());
  const pool = await startKernels(loading, tfjs, threads);
  if (typeof pool === 'string')
    return { threads: 1, isRelaxed: null, note: `without our own kernels: ${pool}` };
  helping = pool;
  const isRelaxed = kind === 'relaxed';
  setSimdKernels(onPool(pool, isRelaxed));
  const isDenied = threads > 1 && tfjs.sharedPages === null;
  return {
    threads: pool.threads,
    isRelaxed,
    note: isDenied ? '1 thread: memory cannot be shared between threads here' : pool.note,
  };
}

/** Lets go of the helpers and the memory of the backend before, even if no other follows. */
function endHelpers(): void {
  helping?.end();
  helping = null;
  setSimdKernels(null);
}

/** Whether threads can work on one memory. In a browser only a page that is isolated from other sites can. */
const canShareMemory = (): boolean =>
  helperSpawner() !== null &&
  typeof SharedArrayBuffer !== 'undefined' &&
  (globalThis as { readonly crossOriginIsolated?: boolean }).crossOriginIsolated !== false;

interface TfjsMemory {
  readonly memory: WebAssembly.Memory;
  /** The size that the memory was declared with; null if it is not shared. */
  readonly sharedPages: number | null;
}

async function startTfjs(
  paths: TrainerOptions['wasmPaths'],
  hasSimd: boolean,
  shares: boolean,
): Promise<TfjsMemory> {
  const file = hasSimd ? 'tfjs-backend-wasm-simd.wasm' : 'tfjs-backend-wasm.wasm';
  let sharedPages: number | null = null;
  const memory = await registerWasmBackend(async (folder, imports) => {
    const path = typeof paths === 'object' ? paths[file] : `${paths ?? folder}${file}`;
    const binary = await readBinary(path ?? file);
    for (const pages of shares ? SHARED_PAGES : []) {
      const instance = await instantiateShared(binary, pages, imports);
      if (instance) sharedPages = pages;
      if (instance) return instance;
    }
    return (await WebAssembly.instantiate(binary, imports)).instance;
  });
  return { memory, sharedPages };
}

/** Null if the device has no room for so large a shared memory. Every engine throws another error then. */
async function instantiateShared(
  binary: Binary,
  pages: number,
  imports: WebAssembly.Imports,
): Promise<WebAssembly.Instance | null> {
  try {
    return (await WebAssembly.instantiate(shareMemory(binary, pages), imports)).instance;
  } catch {
    return null;
  }
}

/**
 * Our kernels running on tfjs's memory, or why they do not: without them it is slower, but no worse than tfjs alone.
 */
async function startKernels(
  loading: Promise<Binary> | null,
  { memory, sharedPages }: TfjsMemory,
  threads: number,
): Promise<ThreadPool | string> {
  if (!loading) return 'this engine has no SIMD';
  try {
    const binary = await loading;
    return await ThreadPool.start({
      threads: sharedPages === null ? 1 : threads,
      spawn: helperSpawner(),
      memory,
      module: await WebAssembly.compile(sharedPages === null ? binary : shareMemory(binary, sharedPages)),
      kernels: KERNEL_NAMES,
    });
  } catch (error) {
    return errorText(error);
  }
}

function onPool(pool: ThreadPool, isRelaxed: boolean): SimdKernels {
  const numbers = Object.fromEntries(KERNEL_NAMES.map((name, i) => [name, i])) as Record<KernelName, number>;
  return { isRelaxed, run: (kernel, items, args) => pool.run(numbers[kernel], items, args) };
}
