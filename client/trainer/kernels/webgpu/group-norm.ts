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

/** How threads share the work. */
interface Sharing {
  readonly name: string;
  /** Threads that go through a group's values together. */
  readonly together: number;
  /** `thread`, of those together, and `place`, of the example and group. */
  readonly start: string;
  /** `sumOverGroup` adds a value of each of those together; every one of them gets the sum. */
  readonly sum: string;
}

/** One workgroup for each example and group: a group has many values. */
const byWorkgroup: Sharing = {
  name: 'groupNorm',
  together: THREADS,
  start: 'let thread = i32(local); let place = i32(id.y) * uniforms.groups + i32(id.x);',
  sum: `
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
}`,
};

/** One thread for each example and group: there are many of them, and a group has few values, as in a layer norm. */
const byThread: Sharing = {
  name: 'layerNorm',
  together: 1,
  start: `let thread = 0; let place = i32(id.y * count.x + id.x) * ${THREADS} + i32(local);
  if (place >= uniforms.examples * uniforms.groups) { return; }`,
  sum: 'fn sumOverGroup(thread: i32, value: f32) -> f32 { return value; }',
};

/** `element` is the place of the group's k-th value. */
const groupProgram =
  (key: string, inputs: readonly string[], outputs: readonly string[], body: (together: number) => string) =>
  ({ name, together, start, sum }: Sharing): GpuProgram => ({
    key: `${name}${key}`,
    inputs,
    outputs,
    code: `
${sum}
fn element(example: i32, group: i32, k: i32) -> i32 {
  let place = example * uniforms.places + k / uniforms.depth;
  return place * uniforms.channels + group * uniforms.depth + k % uniforms.depth;
}
@compute @workgroup_size(${THREADS})
fn main(
  @builtin(workgroup_id) id: vec3<u32>,
  @builtin(num_workgroups) count: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  ${start}
  let group = place % uniforms.groups;
  let example = place / uniforms.groups;
  let values = uniforms.places * uniforms.depth;
  ${body(together)}
}`,
  });

/** The mean first, then squares about it: the second read comes from the cache, and no digits are lost. */
const statistics = groupProgram(
  'Statistics',
  ['x'],
  ['mean', 'inverse'],
  together => `var sum = 0.0;
  for (var k = thread; k < values; k += ${together}) { sum += x[element(example, group, k)]; }
  let m = sumOverGroup(thread, sum) / f32(values);
  var squares = 0.0;
  for (var k = thread; k < values; k += ${together}) {
    let d = x[element(example, group, k)] - m;
    squares += d * d;
  }
  let variance = sumOverGroup(thread, squares) / f32(values);
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

/** The same if an example has one place: nothing is summed, and Σ dy is dy. */
const gradientTerms = elementwise(
  'layerNormTerms',
  ['x', 'dy', 'mean', 'inverse'],
  ['scaled'],
  `let s = i / uniforms.channels * uniforms.groups + i % uniforms.channels / uniforms.depth;
  scaled[i] = dy[i] * (x[i] - mean[s]) * inverse[s];`,
);

const inputGradient = groupProgram(
  'InputGradient',
  ['x', 'dy', 'gamma', 'mean', 'inverse', 'scaled', 'plain'],
  ['dx'],
  together => `var scaledSum = 0.0;
  var plainSum = 0.0;
  for (var k = thread; k < uniforms.depth; k += ${together}) {
    let c = group * uniforms.depth + k;
    scaledSum += gamma[c] * scaled[example * uniforms.channels + c];
    plainSum += gamma[c] * plain[example * uniforms.channels + c];
  }
  let scaledMean = sumOverGroup(thread, scaledSum) / f32(values);
  let plainMean = sumOverGroup(thread, plainSum) / f32(values);
  let m = mean[place];
  let r = inverse[place];
  for (var k = thread; k < values; k += ${together}) {
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

const uniformsOf = ({ examples, places, channels, groups }: Layout) => ({
  examples: i32(examples),
  places: i32(places),
  channels: i32(channels),
  groups: i32(groups),
  depth: i32(channels / groups),
});

/** From so many examples and groups on, single threads fill a device. A workgroup would be idle on so few values. */
const MANY = 4_096;
const FEW_VALUES = 1_024;

/** A dispatch has at most 65,535 workgroups along an axis. */
const MAX_WORKGROUPS = 32_768;

interface Shared {
  readonly sharing: Sharing;
  readonly workgroups: readonly [number, number, number];
}

function shareOut({ examples, groups, places, channels }: Layout): Shared {
  const count = examples * groups;
  if (count < MANY || (places * channels) / groups > FEW_VALUES)
    return { sharing: byWorkgroup, workgroups: [groups, examples, 1] };
  const workgroups = Math.ceil(count / THREADS);
  const across = Math.min(workgroups, MAX_WORKGROUPS);
  return { sharing: byThread, workgroups: [across, Math.ceil(workgroups / across), 1] };
}

/** Two dispatches. */
function groupNorm({
  inputs: { x, gamma, beta },
  attrs: { groups, epsilon },
  backend,
}: GpuKernelArgs<GroupNormInputs, GroupNormAttrs>) {
  const layout = layoutOf(x, groups);
  const { examples } = layout;
  const { sharing, workgroups } = shareOut(layout);
  const moments = [makeTensor(backend, [examples, groups]), makeTensor(backend, [examples, groups])];
  const y = makeTensor(backend, x.shape);
  runGpuProgram(backend, statistics(sharing), workgroups, [x], moments, {
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
  const { sums, scratch } = exampleSums(backend, layout, { x, dy, mean, inverseDeviation });
  const [dgamma, dbeta] = sumTwoColumns(backend, sums, 1, gamma.shape);
  const dx = makeTensor(backend, x.shape);
  const inputs = [x, dy, gamma, mean, inverseDeviation, ...sums];
  const { sharing, workgroups } = shareOut(layout);
  runGpuProgram(backend, inputGradient(sharing), workgroups, inputs, [dx], uniformsOf(layout));
  disposeScratch(backend, ...scratch);
  return [dx, dgamma, dbeta];
}

/** By example and channel, Σ dy·x̂ and Σ dy, [examples, channels] each; and what of them is to be freed. */
interface ExampleSums {
  readonly sums: readonly [TensorInfo, TensorInfo];
  readonly scratch: readonly TensorInfo[];
}

type GradientInputs = Omit<GroupNormGradInputs, 'gamma'>;

function exampleSums(
  backend: GpuBackend,
  layout: Layout,
  { x, dy, mean, inverseDeviation }: GradientInputs,
): ExampleSums {
  const { examples, places, channels } = layout;
  const inputs = [x, dy, mean, inverseDeviation];
  if (places === 1) {
    const scaled = makeTensor(backend, [examples, channels]);
    runElementwise(backend, gradientTerms, inputs, [scaled], uniformsOf(layout));
    return { sums: [scaled, { ...dy, shape: [examples, channels] }], scratch: [scaled] };
  }
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
  if (slabs === 1) return { sums: slabSums, scratch: slabSums };
  const sums = sumTwoColumns(backend, slabSums, examples, [examples, channels]);
  disposeScratch(backend, ...slabSums);
  return { sums, scratch: sums };
}

export const groupNormConfigs = [
  floatKernel(GroupNorm, groupNorm),
  floatKernel(GroupNormGrad, groupNormGrad),
];
