import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import {
  BatchNormTraining,
  type BatchNormTrainingAttrs,
  BatchNormTrainingGrad,
  type BatchNormTrainingGradInputs,
  type BatchNormTrainingInputs,
} from '../../ops/batch-norm.ts';
import { type ColumnSums, type Matrix, rowsPerSlab, runColumnSums } from './column-sums.ts';
import { elementwise, runElementwise } from './elementwise.ts';
import { disposeScratch, floatKernel, type GpuKernelArgs } from './gpu-kernel.ts';
import { f32, type GpuBackend, i32, makeTensor } from './gpu-program.ts';
import { sumTwoColumns } from './sum-columns.ts';

/** Rows, spread evenly over the batch, whose mean is the pivot. */
const SAMPLES = 256;

const samples: ColumnSums = {
  name: 'batchNormSamples',
  inputs: ['x'],
  outputs: ['pivots'],
  add: 'sum0 += x[row * uniforms.step * uniforms.columns + column];',
  finish: ['total0 / f32(uniforms.rows)'],
};

/**
 * Sums of differences from a pivot near the channel's mean, and of their squares, in one pass over the data. Plain
 * squares would lose digits if the mean is large beside the deviation. A single value as the pivot would lose them if
 * that value is an outlier.
 */
const shiftedSums: ColumnSums = {
  name: 'batchNormShifted',
  inputs: ['x', 'pivots'],
  outputs: ['differences', 'squares'],
  setUp: 'let pivot = pivots[column];',
  add: 'let d = x[i] - pivot; sum0 += d; sum1 += d * d;',
};

const statistics: ColumnSums = {
  name: 'batchNormStatistics',
  inputs: ['differences', 'squares', 'pivots'],
  outputs: ['mean', 'variance'],
  add: 'sum0 += differences[i]; sum1 += squares[i];',
  finish: [
    'pivots[column] + total0 / uniforms.count',
    'max(0.0, total1 / uniforms.count - (total0 / uniforms.count) * (total0 / uniforms.count))',
  ],
};

const normalise = elementwise(
  'batchNormNormalise',
  ['x', 'gamma', 'beta', 'mean', 'variance'],
  ['y'],
  `let c = i % uniforms.channels;
  y[i] = (x[i] - mean[c]) * inverseSqrt(variance[c] + uniforms.epsilon) * gamma[c] + beta[c];`,
);

const gradientSums: ColumnSums = {
  name: 'batchNormGradient',
  inputs: ['x', 'dy', 'mean', 'variance'],
  outputs: ['scaled', 'plain'],
  setUp: 'let m = mean[column]; let inverse = inverseSqrt(variance[column] + uniforms.epsilon);',
  add: 'sum0 += dy[i] * (x[i] - m) * inverse; sum1 += dy[i];',
};

const inputGradient = elementwise(
  'batchNormInputGradient',
  ['x', 'dy', 'gamma', 'mean', 'variance', 'dgamma', 'dbeta'],
  ['dx'],
  `let c = i % uniforms.channels;
  let inverse = inverseSqrt(variance[c] + uniforms.epsilon);
  let normal = (x[i] - mean[c]) * inverse;
  dx[i] = gamma[c] * inverse * (dy[i] - (dbeta[c] + normal * dgamma[c]) / uniforms.count);`,
);

function matrixOf(x: TensorInfo): Matrix & { slabRows: number; slabShape: [number, number] } {
  const columns = x.shape.at(-1) ?? 1;
  const rows = util.sizeFromShape(x.shape) / columns;
  const slabRows = rowsPerSlab({ rows, columns });
  return { rows, columns, slabRows, slabShape: [Math.ceil(rows / slabRows), columns] };
}

/** For each column, the mean of some of its rows. */
function samplePivots(backend: GpuBackend, x: TensorInfo, { rows, columns }: Matrix): TensorInfo {
  const count = Math.min(SAMPLES, rows);
  const pivots = makeTensor(backend, [columns]);
  runColumnSums(backend, samples, { rows: count, columns }, count, [x], [pivots], {
    step: i32(Math.floor(rows / count)),
  });
  return pivots;
}

/** Four dispatches and two reads of x. A composition of small ops takes about ten dispatches and as many reads. */
function batchNormTraining({
  inputs: { x, gamma, beta },
  attrs: { epsilon },
  backend,
}: GpuKernelArgs<BatchNormTrainingInputs, BatchNormTrainingAttrs>) {
  const { rows, columns, slabRows, slabShape } = matrixOf(x);
  const pivots = samplePivots(backend, x, { rows, columns });
  const partial = [makeTensor(backend, slabShape), makeTensor(backend, slabShape)];
  const moments = [makeTensor(backend, [columns]), makeTensor(backend, [columns])];
  const y = makeTensor(backend, x.shape);
  const [slabs] = slabShape;
  runColumnSums(backend, shiftedSums, { rows, columns }, slabRows, [x, pivots], partial);
  runColumnSums(backend, statistics, { rows: slabs, columns }, slabs, [...partial, pivots], moments, {
    count: f32(rows),
  });
  runElementwise(backend, normalise, [x, gamma, beta, ...moments], [y], {
    channels: i32(columns),
    epsilon: f32(epsilon),
  });
  disposeScratch(backend, pivots, ...partial);
  return [y, ...moments];
}

function batchNormTrainingGrad({
  inputs: { x, dy, gamma, mean, variance },
  attrs: { epsilon },
  backend,
}: GpuKernelArgs<BatchNormTrainingGradInputs, BatchNormTrainingAttrs>) {
  const { rows, columns, slabRows, slabShape } = matrixOf(x);
  const scaled = makeTensor(backend, slabShape);
  const plain = makeTensor(backend, slabShape);
  const dx = makeTensor(backend, x.shape);
  const settings = { epsilon: f32(epsilon) };
  const sums = [scaled, plain];
  runColumnSums(backend, gradientSums, { rows, columns }, slabRows, [x, dy, mean, variance], sums, settings);
  const [dgamma, dbeta] = sumTwoColumns(backend, [scaled, plain], 1, [columns]);
  runElementwise(backend, inputGradient, [x, dy, gamma, mean, variance, dgamma, dbeta], [dx], {
    channels: i32(columns),
    count: f32(rows),
    ...settings,
  });
  disposeScratch(backend, scaled, plain);
  return [dx, dgamma, dbeta];
}

export const batchNormConfigs = [
  floatKernel(BatchNormTraining, batchNormTraining),
  floatKernel(BatchNormTrainingGrad, batchNormTrainingGrad),
];
