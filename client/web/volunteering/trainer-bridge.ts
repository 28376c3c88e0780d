import plainWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { type Remote, wrap } from 'comlink';
import type { TrainerApi } from '../../trainer/trainer-api.ts';
import { openThread } from '../state/open-thread.ts';

/** The trainer's thread would resolve a relative address against its own script. */
const absolute = (url: string): string => new URL(url, location.href).href;

/** The files of tfjs's own backend. The trainer starts it itself, with threads of ours. */
export const wasmPaths: Readonly<Record<string, string>> = {
  'tfjs-backend-wasm.wasm': absolute(plainWasm),
  'tfjs-backend-wasm-simd.wasm': absolute(simdWasm),
};

export interface TrainerBridge {
  readonly trainer: Remote<TrainerApi>;
  /** Rejects if the trainer's thread itself breaks. Comlink would wait for ever. */
  readonly broken: Promise<never>;
  /** Aborted by `terminate`. Comlink would wait for ever. */
  readonly ended: AbortSignal;
  terminate(): void;
}

let early: TrainerBridge | null = null;

/**
 * Loads the trainer's code while the page still asks for its run. Loading is the longest step before a first
 * contribution. The trainer does nothing until it is used.
 */
export function loadTrainerEarly(): void {
  early ??= openTrainer();
}

/** For a page on which nobody volunteers after all. */
export function dropEarlyTrainer(): void {
  early?.terminate();
  early = null;
}

/** The trainer in a Web Worker of its own. If one was loaded early, it is that one. */
export function startTrainer(): TrainerBridge {
  const bridge = early ?? openTrainer();
  early = null;
  return bridge;
}

/** No other place knows the thread. */
function openTrainer(): TrainerBridge {
  const thread = openThread(
    () => new Worker(new URL('../../trainer/trainer-thread.ts', import.meta.url), { type: 'module' }),
    message => `the trainer did not start: ${message || 'its script could not be loaded'}`,
  );
  const { endpoint, broken } = thread;
  const ending = new AbortController();
  const terminate = (): void => {
    thread.terminate();
    ending.abort();
  };
  const bridge = { trainer: wrap<TrainerApi>(endpoint), broken, ended: ending.signal, terminate };
  // Whoever has taken the bridge waits for `broken` too. A bridge that nobody has taken yet is not handed out any more.
  broken.catch(() => {
    if (early === bridge) dropEarlyTrainer();
  });
  return bridge;
}
