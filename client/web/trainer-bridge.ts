import plainWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { type Remote, wrap } from 'comlink';
import type { TrainerApi } from '../trainer/trainer-api.ts';

/** Absolute: a worker resolves a relative address against its own script. */
const absolute = (url: string): string => new URL(url, location.href).href;

export const wasmPaths: Readonly<Record<string, string>> = {
  'tfjs-backend-wasm.wasm': absolute(plainWasm),
  'tfjs-backend-wasm-simd.wasm': absolute(simdWasm),
  'tfjs-backend-wasm-threaded-simd.wasm': absolute(threadedWasm),
};

export interface TrainerBridge {
  readonly trainer: Remote<TrainerApi>;
  /** Rejects where the worker itself breaks, which comlink would wait out for ever. */
  readonly broken: Promise<never>;
  terminate(): void;
}

/** Starts the trainer in a Web Worker of its own; the only place that knows one. */
export function startTrainer(): TrainerBridge {
  const worker = new Worker(new URL('../trainer/trainer-worker.ts', import.meta.url), { type: 'module' });
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', event => {
      event.preventDefault();
      reject(new Error(`the trainer did not start: ${event.message || 'its script could not be loaded'}`));
    });
  });
  // Whoever races against it hears of it; nobody else has to.
  broken.catch(() => {});
  return { trainer: wrap<TrainerApi>(worker), broken, terminate: () => worker.terminate() };
}
