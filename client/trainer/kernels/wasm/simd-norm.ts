import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf, type Simd } from './simd-calls.ts';
import { withScratch } from './wasm-kernel.ts';

/**
 * Rows that are summed in floats before their sums are joined in doubles. In a batch norm they are also a work item.
 */
const BLOCK_ROWS = 256;

/** x as [sets, rows, channels]; the rows are summed in blocks, and no block has rows of two sets. */
export interface Blocks {
  /** 1 if all rows are normalised together, else the number of images. */
  readonly sets: number;
  readonly rows: number;
  readonly channels: number;
  readonly blockRows: number;
  /** Blocks of a set. */
  readonly blocks: number;
}

function blocksOf(sets: number, rows: number, channels: number): Blocks {
  return { sets, rows, channels, blockRows: BLOCK_ROWS, blocks: Math.ceil(rows / BLOCK_ROWS) };
}

/** All rows of a batch together. */
export function batchBlocks(shape: readonly number[]): Blocks {
  return blocksOf(1, util.sizeFromShape(shape.slice(0, -1)), shape.at(-1) ?? 1);
}

/** Each image by itself. */
export function imageBlocks(shape: readonly number[]): Blocks {
  return blocksOf(shape[0] ?? 0, util.sizeFromShape(shape.slice(1, -1)), shape.at(-1) ?? 1);
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
   * Lends addresses while `use` runs: of two numbers for each block and channel, and of `perChannel` factors for each
   * set and channel. The values are multiplied with and shifted by these factors.
   */
  withScratch(perChannel: number, use: (sums: number, factors: number) => void): void {
    const { backend } = this.simd;
    const { sets, blocks, channels } = this.over;
    withScratch(backend, [sets, blocks, 2, channels], sums =>
      withScratch(backend, [sets, perChannel, channels], factors => use(this.at(sums), this.at(factors))),
    );
  }
}
