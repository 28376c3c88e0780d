import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { type ColumnSums, type Matrix, rowsPerSlab, runColumnSums } from './column-sums.ts';
import { disposeScratch } from './gpu-kernel.ts';
import { f32, type GpuBackend, makeTensor } from './gpu-program.ts';

const oneSum: ColumnSums = {
  name: 'one',
  inputs: ['x'],
  outputs: ['y'],
  add: 'sum0 += x[i];',
  finish: ['total0 * uniforms.scale'],
};

const twoSums: ColumnSums = {
  name: 'two',
  inputs: ['a', 'b'],
  outputs: ['sumA', 'sumB'],
  add: 'sum0 += a[i]; sum1 += b[i];',
};

/** Sums times `scale` of [outer, rows, columns] over the rows: a tensor of `shape`, [outer, columns]. */
export function sumColumns(
  backend: GpuBackend,
  x: TensorInfo,
  outer: number,
  { rows, columns }: Matrix,
  scale: number,
  shape: readonly number[],
): TensorInfo {
  const y = makeTensor(backend, shape);
  const slabRows = outer > 1 ? rows : rowsPerSlab({ rows, columns });
  const slabs = Math.ceil((outer * rows) / slabRows);
  const factor = { scale: f32(scale) };
  if (outer > 1 || slabs === 1) {
    runColumnSums(backend, oneSum, { rows: outer * rows, columns }, slabRows, [x], [y], factor);
    return y;
  }
  const partial = makeTensor(backend, [slabs, columns]);
  runColumnSums(backend, oneSum, { rows, columns }, slabRows, [x], [partial], { scale: f32(1) });
  runColumnSums(backend, oneSum, { rows: slabs, columns }, slabs, [partial], [y], factor);
  disposeScratch(backend, partial);
  return y;
}

/** Sums two matrices of one shape [outer · rows, columns] over their rows: tensors of `shape`, [outer, columns]. */
export function sumTwoColumns(
  backend: GpuBackend,
  [a, b]: readonly [TensorInfo, TensorInfo],
  outer: number,
  shape: readonly number[],
): [TensorInfo, TensorInfo] {
  const columns = a.shape.at(-1) ?? 1;
  const rows = util.sizeFromShape(a.shape) / columns;
  const sums: [TensorInfo, TensorInfo] = [makeTensor(backend, shape), makeTensor(backend, shape)];
  const slabRows = outer > 1 ? rows / outer : rowsPerSlab({ rows, columns });
  const slabs = Math.ceil(rows / slabRows);
  if (outer > 1 || slabs === 1) {
    runColumnSums(backend, twoSums, { rows, columns }, slabRows, [a, b], sums);
    return sums;
  }
  const partial = [makeTensor(backend, [slabs, columns]), makeTensor(backend, [slabs, columns])];
  runColumnSums(backend, twoSums, { rows, columns }, slabRows, [a, b], partial);
  runColumnSums(backend, twoSums, { rows: slabs, columns }, slabs, partial, sums);
  disposeScratch(backend, ...partial);
  return sums;
}
