import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf, type Simd } from './simd-calls.ts';
import { withScratch } from './wasm-kernel.ts';

/** Rows of a batch that one work item adds up: enough to be worth a call, few enough to keep sums exact. */
const BATCH_BLOCK = 256;

/** x as [rows, channels], in blocks that are summed each on its own: parts of a batch, or whole images. */
export interface Blocks {
  readonly rows: number;
  readonly channels: number;
  readonly blockRows: number;
  readonly blocks: number;
}

export function batchBlocks(shape: readonly number[]): Blocks {
  const channels = shape.at(-1) ?? 1;
  const rows = util.sizeFromShape([...shape]) / channels;
  return { rows, channels, blockRows: BATCH_BLOCK, blocks: Math.ceil(rows / BATCH_BLOCK) };
}

/** One block an image. */
export function imageBlocks(shape: readonly number[]): Blocks {
  const [images = 0] = shape;
  const channels = shape.at(-1) ?? 1;
  const blockRows = util.sizeFromShape(shape.slice(1, -1));
  return { rows: images * blockRows, channels, blockRows, blocks: images };
}

/** What both norms do alike on the heap of one backend. */
export class SimdNorm {
  readonly simd: Simd;
  readonly over: Blocks;

  constructor(simd: Simd, over: Blocks) {
    this.simd = simd;
    this.over = over;
  }

  at(tensor: TensorInfo): number {
    return addressOf(this.simd, tensor);
  }

  make(shape: readonly number[]): TensorInfo {
    return this.simd.backend.makeOutput([...shape], 'float32');
  }

  /**
   * Addresses of two numbers a block and channel, and of `sets` sets of `perChannel` factors a channel, which the values
   * are multiplied with and shifted by; for as long as `use` runs.
   */
  withScratch(sets: number, perChannel: number, use: (sums: number, factors: number) => void): void {
    const { backend } = this.simd;
    const { blocks, channels } = this.over;
    withScratch(backend, [blocks, 2, channels], sums =>
      withScratch(backend, [sets, perChannel, channels], factors => use(this.at(sums), this.at(factors))),
    );
  }
}
