import * as tf from '@tensorflow/tfjs-core';
import { type Draw, drawn } from '../draw.ts';
import { type CaseGroup, type KernelCase, noise, resultAndGradients } from '../kernel-case.ts';

/** What goes along axes (sums, maxima, softmax) and what moves values about, on drawn shapes. */

type Op = (x: tf.Tensor) => tf.Tensor;
interface DrawnOp {
  readonly name: string;
  readonly shape: readonly number[];
  readonly op: Op;
}

const shapeOf = (draw: Draw, mostAxes = 4, most = 6): number[] => draw.sizes(draw.whole(1, mostAxes), most);

/** At least one axis, counted from either end. */
function axesOf(draw: Draw, rank: number): number[] {
  const chosen = Array.from({ length: rank }, (_, axis) => axis).filter(() => draw.whole(0, 1) === 0);
  const axes = chosen.length > 0 ? chosen : [draw.whole(0, rank - 1)];
  return draw.whole(0, 1) === 0 ? axes : axes.map(axis => axis - rank);
}

type Reduce = (x: tf.Tensor, axes: number[], keepDims: boolean) => tf.Tensor;

const REDUCTIONS: Readonly<Record<string, Reduce>> = {
  logSumExp: tf.logSumExp,
  max: tf.max,
  'max of ties': (x, axes, keepDims) => tf.max(tf.round(x), axes, keepDims),
  mean: tf.mean,
  min: tf.min,
  'mean and variance': (x, axes, keepDims) => {
    const { mean, variance } = tf.moments(x, axes, keepDims);
    return tf.add(mean, tf.mul(variance, 2));
  },
  sum: tf.sum,
};

const reductionCases = drawn('reduction', 16, draw => {
  const shape = shapeOf(draw, 5);
  return { shape, axes: axesOf(draw, shape.length), keepDims: draw.whole(0, 1) === 1 };
}).flatMap(({ shape, axes, keepDims }) =>
  Object.entries(REDUCTIONS).map(([name, reduce]) =>
    gradientCase({
      name: `${name} over ${axes}${keepDims ? ', kept' : ''}`,
      shape,
      op: x => reduce(x, axes, keepDims),
    }),
  ),
);

function gradientCase({ name, shape, op }: DrawnOp): KernelCase {
  return {
    name: `${name}, [${shape}]`,
    compute: () => resultAndGradients(x => op(x as tf.Tensor), [noise(shape, 1)]),
  };
}

const softmaxCases = drawn('softmax', 14, draw => shapeOf(draw)).flatMap(shape =>
  [1, 12].flatMap(scale =>
    [tf.softmax<tf.Tensor>, tf.logSoftmax<tf.Tensor>].map(softmax =>
      gradientCase({ name: `softmax of inputs × ${scale}`, shape, op: x => softmax(tf.mul(x, scale)) }),
    ),
  ),
);

/** Ties too: the first of equal ones is the largest. */
const placeCases = drawn('places', 24, draw => {
  const shape = shapeOf(draw);
  return { shape, axis: draw.whole(0, shape.length - 1), k: draw.whole(1, shape.at(-1) ?? 1) };
}).map(
  ({ shape, axis, k }): KernelCase => ({
    name: `[${shape}] along ${axis}, the first ${k}`,
    compute: () => {
      const x = tf.round(tf.mul(noise(shape, 1), 2));
      const { values, indices } = tf.topk(x, k);
      return [tf.argMax(x, axis), tf.argMin(x, axis), values, indices];
    },
  }),
);

function drawOrder(draw: Draw, rank: number): number[] {
  const left = Array.from({ length: rank }, (_, axis) => axis);
  return Array.from({ length: rank }, () => left.splice(draw.whole(0, left.length - 1), 1)[0] ?? 0);
}

const before = (draw: Draw, shape: readonly number[]) =>
  shape.map(() => [draw.whole(0, 2), draw.whole(0, 2)] as [number, number]);

/** What moves values about, by what layers and gradients call. */
const MOVES: Readonly<Record<string, (draw: Draw) => DrawnOp>> = {
  gather: draw => {
    const shape = shapeOf(draw);
    const axis = draw.whole(0, shape.length - 1);
    const places = draw.sizes(draw.whole(1, 5), shape[axis] ?? 1).map(place => place - 1);
    return {
      name: `gather ${places} along ${axis}`,
      shape,
      op: x => tf.gather(x, tf.tensor1d(places, 'int32'), axis),
    };
  },
  pad: draw => {
    const shape = shapeOf(draw);
    const padding = before(draw, shape);
    return { name: `pad ${padding.join(' ')}`, shape, op: x => tf.pad(x, padding, 0.5) };
  },
  reverse: draw => {
    const shape = shapeOf(draw);
    const axes = axesOf(draw, shape.length);
    return { name: `reverse along ${axes}`, shape, op: x => tf.reverse(x, axes) };
  },
  slice: draw => {
    const shape = shapeOf(draw);
    const begin = shape.map(size => draw.whole(0, size - 1));
    const size = shape.map((count, axis) => draw.whole(1, count - (begin[axis] ?? 0)));
    return { name: `slice from ${begin} of ${size}`, shape, op: x => tf.slice(x, begin, size) };
  },
  split: draw => {
    const sizes = [draw.whole(0, 3), draw.whole(1, 3), draw.whole(0, 2)];
    const axis = draw.whole(0, 2);
    const shape = draw.sizes(3, 5).with(
      axis,
      sizes.reduce((sum, size) => sum + size),
    );
    return {
      name: `split in ${sizes} along ${axis}`,
      shape,
      op: x => tf.square(tf.split(x, sizes, axis)[1] ?? x),
    };
  },
  stack: draw => {
    const shape = shapeOf(draw, 3);
    const axis = draw.whole(0, shape.length);
    return {
      name: `stack along ${axis}`,
      shape,
      op: x => tf.square(tf.unstack(tf.stack([x, tf.square(x)], axis), axis)[1] ?? x),
    };
  },
  tile: draw => {
    const shape = shapeOf(draw);
    const times = shape.map(() => draw.whole(1, 3));
    return { name: `tile ${times} times`, shape, op: x => tf.tile(x, times) };
  },
  transpose: draw => {
    const shape = shapeOf(draw, 6, 4);
    const order = drawOrder(draw, shape.length);
    return { name: `transpose to ${order}`, shape, op: x => tf.transpose(x, order) };
  },
};

const moveCases = Array.from({ length: 14 }, (_, i) =>
  Object.entries(MOVES).flatMap(([name, make]) => drawn(`${name} ${i}`, 1, make).map(gradientCase)),
).flat();

/** Joints of which some or all are empty. */
const jointCases = drawn('joint', 40, draw => {
  const shape = shapeOf(draw);
  const axis = draw.whole(0, shape.length - 1);
  const sizes = Array.from({ length: draw.whole(1, 4) }, () => draw.whole(0, 3));
  return { shapes: sizes.map(size => shape.with(axis, size)), axis };
}).map(
  ({ shapes, axis }): KernelCase => ({
    name: `[${shapes.join('], [')}] along ${axis}`,
    compute: () =>
      resultAndGradients(
        (...parts) => tf.concat(parts as tf.Tensor[], axis),
        shapes.map((shape, i) => noise(shape, i + 1)),
      ),
  }),
);

const productCases = drawn('products', 40, draw => {
  const [m = 1, k = 1, n = 1] = draw.sizes(3, 9);
  const batch = draw.sizes(draw.whole(0, 2), 3);
  const [turnsA, turnsB] = [draw.whole(0, 1) === 1, draw.whole(0, 1) === 1];
  const ofB = draw.whole(0, 1) === 0 ? batch : batch.map(size => (draw.whole(0, 1) === 0 ? 1 : size));
  return {
    a: [...batch, ...(turnsA ? [k, m] : [m, k])],
    b: [...ofB, ...(turnsB ? [n, k] : [k, n])],
    turns: [turnsA, turnsB] as const,
  };
}).map(
  ({ a, b, turns }): KernelCase => ({
    name: `[${a}] by [${b}], turned ${turns}`,
    compute: () =>
      resultAndGradients(
        (x, y) => tf.matMul(x as tf.Tensor, y as tf.Tensor, ...turns),
        [noise(a, 1), noise(b, 2)],
      ),
  }),
);

const normCases = drawn('norm', 24, draw => draw.sizes(draw.whole(2, 4), 6)).map(
  (shape): KernelCase => ({
    name: `[${shape}]`,
    compute: () => {
      const row = [shape.at(-1) ?? 1];
      const inputs = [noise(shape, 1), noise(row, 2), noise(row, 3), noise(row, 4), noise(row, 5)];
      return resultAndGradients(
        (x, mean, variance, offset, scale) =>
          tf.batchNorm(
            x as tf.Tensor,
            mean as tf.Tensor1D,
            tf.square(variance as tf.Tensor1D),
            offset as tf.Tensor1D,
            scale as tf.Tensor1D,
            0.1,
          ),
        inputs,
      );
    },
  }),
);

export const DRAWN_AXIS_GROUPS: readonly CaseGroup[] = [
  {
    name: 'reductions over drawn axes',
    kernels: ['Max', 'Mean', 'Min', 'Sum', 'Tile'],
    cases: reductionCases,
  },
  { name: 'softmax of drawn shapes', kernels: ['Softmax'], cases: softmaxCases },
  { name: 'places of the largest, drawn', kernels: ['ArgMax', 'ArgMin', 'TopK'], cases: placeCases },
  {
    name: 'drawn moves',
    kernels: ['GatherV2', 'PadV2', 'Reverse', 'Slice', 'SplitV', 'Pack', 'Unpack', 'Transpose'],
    cases: moveCases,
  },
  { name: 'drawn joints', kernels: ['Concat'], cases: jointCases },
  { name: 'drawn products', kernels: ['BatchMatMul'], cases: productCases },
  { name: 'drawn batch norms of given moments', kernels: ['FusedBatchNorm'], cases: normCases },
];
