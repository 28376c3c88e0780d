import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import {
  GroupNorm,
  type GroupNormAttrs,
  GroupNormGrad,
  type GroupNormGradAttrs,
  type GroupNormGradInputs,
  type GroupNormInputs,
} from '../../ops/group-norm.ts';
import { type ColumnSums, runColumnSums, slabsPerExample } from './column-sums.ts';
import { elementwise, runElementwise } from './elementwise.ts';
import { disposeScratch, floatKernel, type GpuKernelArgs } from './gpu-kernel.ts';
import { f32, type GpuBackend, type GpuProgram, i32, makeTensor, runGpuProgram } from './gpu-program.ts';
import { sumTwoColumns } from './sum-columns.ts';

const THREADS = 256;

/** Adds `value` over the workgroup; every thread gets the sum. */
const sumOverGroup = `
var<workgroup> terms: array<f32, ${THREADS}>;
fn sumOverGroup(thread: i32, value: f32) -> f32 {
  terms[thread] = value;
  for (var half = ${THREADS / 2}; half > 0; half /= 2) {
    workgroupBarrier();
    if (thread < half) { terms[thread] += terms[thread + half]; }
  }
  workgroupBarrier();
  let sum = terms[0];
  workgroupBarrier();
  return sum;
}`;

/** One workgroup for each example and group; `element` is the place of the group's k-th value. */
const groupProgram = (
  key: string,
  inputs: readonly string[],
  outputs: readonly string[],
  body: string,
): GpuProgram => ({
  key,
  inputs,
  outputs,
  code: `
${sumOverGroup}
fn element(example: i32, group: i32, k: i32) -> i32 {
  let place = example * uniforms.places + k / uniforms.depth;
  return place * uniforms.channels + group * uniforms.depth + k % uniforms.depth;
}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) id: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let thread = i32(local);
  let group = i32(id.x);
  let example = i32(id.y);
  let place = example * uniforms.groups + group;
  let count = uniforms.places * uniforms.depth;
  ${body}
}`,
});

/** The mean first, then squares about it: the second read comes from the cache, and no digits are lost. */
const statistics = groupProgram(
  'groupNormStatistics',
  ['x'],
  ['mean', 'inverse'],
  `var sum = 0.0;
  for (var k = thread; k < count; k += ${THREADS}) { sum += x[element(example, group, k)]; }
  let m = sumOverGroup(thread, sum) / f32(count);
  var squares = 0.0;
  for (var k = thread; k < count; k += ${THREADS}) {
    let d = x[element(example, group, k)] - m;
    squares += d * d;
  }
  let variance = sumOverGroup(thread, squares) / f32(count);
  if (thread == 0) {
    mean[place] = m;
    inverse[place] = inverseSqrt(variance + uniforms.epsilon);
  }`,
);

const normalise = elementwise(
  'groupNormNormalise',
  ['x', 'gamma', 'beta', 'mean', 'inverse'],
  ['y'],
  `let c = i % uniforms.channels;
  let s = i / (uniforms.channels * uniforms.places) * uniforms.groups + c / uniforms.depth;
  y[i] = (x[i] - mean[s]) * inverse[s] * gamma[c] + beta[c];`,
);

/** By slab and channel, Σ dy·x̂ and Σ dy: all three gradients are sums of these. No slab has two examples. */
const gradientSums: ColumnSums = {
  name: 'groupNormGradient',
  inputs: ['x', 'dy', 'mean', 'inverse'],
  outputs: ['scaled', 'plain'],
  setUp: `let s = slab / uniforms.slabsPerExample * uniforms.groups + column / uniforms.depth;
    let m = mean[s];
    let r = inverse[s];`,
  add: 'sum0 += dy[i] * (x[i] - m) * r; sum1 += dy[i];',
};

const inputGradient = groupProgram(
  'groupNormInputGradient',
  ['x', 'dy', 'gamma', 'mean', 'inverse', 'scaled', 'plain'],
  ['dx'],
  `var scaledSum = 0.0;
  var plainSum = 0.0;
  for (var k = thread; k < uniforms.depth; k += ${THREADS}) {
    let c = group * uniforms.depth + k;
    scaledSum += gamma[c] * scaled[example * uniforms.channels + c];
    plainSum += gamma[c] * plain[example * uniforms.channels + c];
  }
  let scaledMean = sumOverGroup(thread, scaledSum) / f32(count);
  let plainMean = sumOverGroup(thread, plainSum) / f32(count);
  let m = mean[place];
  let r = inverse[place];
  for (var k = thread; k < count; k += ${THREADS}) {
    let i = element(example, group, k);
    let normal = (x[i] - m) * r;
    dx[i] = r * (dy[i] * gamma[i % uniforms.channels] - plainMean - normal * scaledMean);
  }`,
);

interface Layout {
  readonly examples: number;
  readonly places: number;
  readonly channels: number;
  readonly groups: number;
}

function layoutOf({ shape }: TensorInfo, groups: number): Layout {
  const [examples = 1] = shape;
  const channels = shape.at(-1) ?? 1;
  return { examples, places: util.sizeFromShape(shape) / examples / channels, channels, groups };
}

const uniformsOf = ({ places, channels, groups }: Layout) => ({
  places: i32(places),
  channels: i32(channels),
  groups: i32(groups),
  depth: i32(channels / groups),
});

/** Two dispatches. One workgroup for each example and group gives batch × groups of them, enough to fill a device. */
function groupNorm({
  inputs: { x, gamma, beta },
  attrs: { groups, epsilon },
  backend,
}: GpuKernelArgs<GroupNormInputs, GroupNormAttrs>) {
  const layout = layoutOf(x, groups);
  const { examples } = layout;
  const moments = [makeTensor(backend, [examples, groups]), makeTensor(backend, [examples, groups])];
  const y = makeTensor(backend, x.shape);
  runGpuProgram(backend, statistics, [groups, examples, 1], [x], moments, {
    ...uniformsOf(layout),
    epsilon: f32(epsilon),
  });
  runElementwise(backend, normalise, [x, gamma, beta, ...moments], [y], uniformsOf(layout));
  return [y, ...moments];
}

/** Three dispatches: sums by example and channel, their sums over the examples, and the input's gradient. */
function groupNormGrad({
  inputs: { x, dy, gamma, mean, inverseDeviation },
  attrs: { groups },
  backend,
}: GpuKernelArgs<GroupNormGradInputs, GroupNormGradAttrs>) {
  const layout = layoutOf(x, groups);
  const [scaled, plain] = exampleSums(backend, layout, [x, dy, mean, inverseDeviation]);
  const [dgamma, dbeta] = sumTwoColumns(backend, [scaled, plain], 1, gamma.shape);
  const dx = makeTensor(backend, x.shape);
  const inputs = [x, dy, gamma, mean, inverseDeviation, scaled, plain];
  const workgroups = [groups, layout.examples, 1] as const;
  runGpuProgram(backend, inputGradient, workgroups, inputs, [dx], uniformsOf(layout));
  disposeScratch(backend, scaled, plain);
  return [dx, dgamma, dbeta];
}

/** [examples, channels] each. */
function exampleSums(
  backend: GpuBackend,
  layout: Layout,
  inputs: readonly TensorInfo[],
): [TensorInfo, TensorInfo] {
  const { examples, places, channels } = layout;
  const slabs = slabsPerExample(examples, { rows: places, columns: channels });
  const shape = [examples * slabs, channels];
  const slabSums: [TensorInfo, TensorInfo] = [makeTensor(backend, shape), makeTensor(backend, shape)];
  const { groups, depth } = uniformsOf(layout);
  const matrix = { rows: examples * places, columns: channels };
  runColumnSums(backend, gradientSums, matrix, places / slabs, inputs, slabSums, {
    groups,
    depth,
    slabsPerExample: i32(slabs),
  });
  if (slabs === 1) return slabSums;
  const sums = sumTwoColumns(backend, slabSums, examples, [examples, channels]);
  disposeScratch(backend, ...slabSums);
  return sums;
}

export const groupNormConfigs = [
  floatKernel(GroupNorm, groupNorm),
  floatKernel(GroupNormGrad, groupNormGrad),
];
