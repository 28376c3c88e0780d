import type { TensorInfo } from '@tensorflow/tfjs-core';
import {
  addressOf,
  convolve,
  type FilterView,
  FLOAT,
  filterGradient,
  matrixWalk,
  packedSize,
  packWeights,
  plainLayout,
  type Simd,
} from './simd-calls.ts';
import { withScratch } from './wasm-kernel.ts';

/** A stack of matrices as stored, [rows, columns] each, and whether they are multiplied transposed. */
export interface Operand {
  readonly tensor: TensorInfo;
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly isTransposed: boolean;
}

/** Rows and columns of the matrix as multiplied. */
export function sizeAsMultiplied({ rows, columns, isTransposed }: Operand): [number, number] {
  return isTransposed ? [columns, rows] : [rows, columns];
}

/** Every product except that of two transposed matrices, which no gradient needs. */
export const canMultiply = (a: Operand, b: Operand): boolean => !(a.isTransposed && b.isTransposed);

/** Writes every product of the two stacks to `out`; a stack of one is repeated. */
export function simdMatMul(
  simd: Simd,
  a: Operand,
  b: Operand,
  out: TensorInfo,
  bias: TensorInfo | null = null,
  isRelu = false,
): void {
  const [rows] = sizeAsMultiplied(a);
  const [, columns] = sizeAsMultiplied(b);
  const start = ({ tensor, batch, rows, columns }: Operand, i: number) =>
    addressOf(simd, tensor) + (batch === 1 ? 0 : i * rows * columns * FLOAT);
  const biasAt = bias ? addressOf(simd, bias) : 0;
  withScratch(simd.backend, [packedSize(weightsView(b, 0))], packed => {
    for (let i = 0; i < Math.max(a.batch, b.batch); i++) {
      const y = addressOf(simd, out) + i * rows * columns * FLOAT;
      const [aAt, bAt] = [start(a, i), start(b, i)];
      if (a.isTransposed) {
        const walk = matrixWalk(a.rows, a.columns, b.columns);
        filterGradient(simd, { x: aAt, dy: bAt, dw: y }, walk, plainLayout(a.columns, b.columns));
      } else {
        const weights = addressOf(simd, packed);
        if (i === 0 || b.batch > 1) packWeights(simd, weightsView(b, bAt), weights);
        const steps = { yImage: 0, yRow: 0, yColumn: columns * FLOAT };
        convolve(
          simd,
          { x: aAt, weights, bias: biasAt, y, isRelu },
          matrixWalk(rows, a.columns, columns),
          steps,
        );
      }
    }
  });
}

/** A matrix, transposed or not, as the weights of a 1 × 1 convolution. */
function weightsView(b: Operand, start: number): FilterView {
  const [channels, outputs] = sizeAsMultiplied(b);
  const [channelStep, outputStep] = b.isTransposed ? [1, b.columns] : [b.columns, 1];
  return {
    ...{ start, tapRows: 1, tapColumns: 1, channels, outputs, groups: 1 },
    ...{ tapRowStep: 0, tapColumnStep: 0, channelStep, outputStep, groupStep: 0 },
  };
}
