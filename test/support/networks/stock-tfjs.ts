import { Worker } from 'node:worker_threads';
import { wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { ModelFiles } from '../../../client/trainer/trainer-api.ts';

/** By `layer/weight`. */
export type StockWeights = Readonly<Record<string, Float32Array>>;

interface StepSettings {
  readonly rate: number;
  /** Whether the network ends without a softmax. */
  readonly areLogits: boolean;
}

interface StockStep {
  readonly loss: number;
  readonly before: StockWeights;
  readonly after: StockWeights;
}

/** Stock tfjs on the CPU, to compare with. Pictures are numbers one after another, as the network takes them. */
export interface StockTfjs {
  predict(files: ModelFiles, pictures: Float32Array, count: number): Promise<Float32Array>;
  /** One step of plain SGD on all pictures at once. */
  step(
    files: ModelFiles,
    pictures: Float32Array,
    labels: readonly number[],
    settings: StepSettings,
  ): Promise<StockStep>;
}

/** In a thread of its own, because our layers and kernels replace stock ones where they are registered. */
export function startStockTfjs(): { readonly stock: StockTfjs; stop(): Promise<unknown> } {
  const thread = new Worker(new URL('./stock-thread.ts', import.meta.url));
  return { stock: wrap<StockTfjs>(nodeEndpoint(thread)), stop: () => thread.terminate() };
}
