import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf, FLOAT, type Simd } from './simd-calls.ts';
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

/** The steps of a norm on the heap of one backend; `factors` are what the channels are multiplied with and shifted by. */
export class SimdNorm {
  readonly simd: Simd;
  readonly over: Blocks;
  /** Whether every block has factors of its own. */
  private readonly isByBlock: boolean;

  constructor(simd: Simd, over: Blocks, isByBlock: boolean) {
    this.simd = simd;
    this.over = over;
    this.isByBlock = isByBlock;
  }

  at(tensor: TensorInfo): number {
    return addressOf(this.simd, tensor);
  }

  make(shape: readonly number[]): TensorInfo {
    return this.simd.backend.makeOutput([...shape], 'float32');
  }

  /** Two numbers a block and channel, and `perChannel` factors a channel, for as long as `use` runs. */
  withScratch<T>(perChannel: number, use: (sums: TensorInfo, factors: TensorInfo) => T): T {
    const { blocks, channels } = this.over;
    const factorSets = this.isByBlock ? blocks : 1;
    return withScratch(this.simd.backend, [blocks, 2, channels], sums =>
      withScratch(this.simd.backend, [factorSets, perChannel, channels], factors => use(sums, factors)),
    );
  }

  measure(x: TensorInfo, moments: TensorInfo): void {
    const { rows, blockRows, channels, blocks } = this.over;
    this.simd.kernels.run('blockMoments', blocks, [this.at(x), this.at(moments), rows, blockRows, channels]);
  }

  normalise(x: TensorInfo, y: TensorInfo, factors: TensorInfo): void {
    this.simd.kernels.run('normalise', this.over.blocks, [
      ...[this.at(x), this.at(y), ...this.factors(factors, 3)],
    ]);
  }

  /** @param means one a channel, for each block its own where the factors are */
  sumGradients(x: TensorInfo, dy: TensorInfo, means: TensorInfo, sums: TensorInfo): void {
    const { rows, blockRows, channels, blocks } = this.over;
    this.simd.kernels.run('blockGradients', blocks, [
      ...[this.at(x), this.at(dy), this.at(means), this.step(1), this.at(sums), rows, blockRows, channels],
    ]);
  }

  backpropagate(x: TensorInfo, dy: TensorInfo, dx: TensorInfo, factors: TensorInfo): void {
    this.simd.kernels.run('normaliseGradient', this.over.blocks, [
      ...[this.at(x), this.at(dy), this.at(dx), ...this.factors(factors, 4)],
    ]);
  }

  private factors(factors: TensorInfo, perChannel: number): number[] {
    const { rows, blockRows, channels } = this.over;
    return [this.at(factors), this.step(perChannel), rows, blockRows, channels];
  }

  private step(perChannel: number): number {
    return this.isByBlock ? perChannel * this.over.channels * FLOAT : 0;
  }
}
