import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { type Draw, drawn } from '../draw.ts';
import { type CaseGroup, type KernelCase, noise, resultAndGradients } from '../kernel-case.ts';

/** Functions of each value, and of two tensors of which one may be repeated, on drawn shapes. */

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const ACTIVATIONS = [
  ...(['elu', 'gelu', 'gelu_new', 'hardSigmoid', 'linear', 'mish', 'relu', 'relu6'] as const),
  ...(['selu', 'sigmoid', 'softmax', 'softplus', 'softsign', 'swish', 'tanh'] as const),
];

const activation =
  (name: (typeof ACTIVATIONS)[number]): Unary =>
  x => {
    const y = tfl.layers.activation({ activation: name }).apply(x);
    if (!(y instanceof tf.Tensor)) throw new Error('an activation has one output');
    return y;
  };

const UNARY: Readonly<Record<string, Unary>> = {
  abs: tf.abs,
  clip: x => tf.clipByValue(x, -1, 1.5),
  elu: tf.elu,
  erf: tf.erf,
  exp: tf.exp,
  expm1: tf.expm1,
  floor: tf.floor,
  leakyRelu: x => tf.leakyRelu(x, 0.3),
  logSigmoid: tf.logSigmoid,
  neg: tf.neg,
  'power of 3': x => tf.pow(x, 3),
  'power of 2.5': x => tf.pow(positive(x), 2.5),
  log: x => tf.log(positive(x)),
  log1p: x => tf.log1p(positive(x)),
  reciprocal: x => tf.reciprocal(positive(x)),
  relu: tf.relu,
  relu6: tf.relu6,
  rsqrt: x => tf.rsqrt(positive(x)),
  sigmoid: tf.sigmoid,
  softplus: tf.softplus,
  sqrt: x => tf.sqrt(positive(x)),
  square: tf.square,
  step: x => tf.step(x, 0.2),
  tanh: tf.tanh,
};

/** Away from 0, where no function of the list has a steep slope. */
const positive: Unary = x => tf.add(tf.abs(x), 0.2);

const BINARY: Readonly<Record<string, Binary>> = {
  add: tf.add,
  div: (a, b) => tf.div(a, positive(b)),
  maximum: tf.maximum,
  minimum: tf.minimum,
  'maximum with ties': (a, b) => tf.maximum(tf.round(a), tf.round(b)),
  mul: tf.mul,
  pow: (a, b) => tf.pow(positive(a), b),
  squaredDifference: tf.squaredDifference,
  sub: tf.sub,
};

const COMPARISONS: Readonly<Record<string, Binary>> = {
  equal: tf.equal,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
  notEqual: tf.notEqual,
};

/** Two shapes of one rank or less that can be repeated to the same. */
function drawShapes(draw: Draw): [number[], number[]] {
  const full = draw.sizes(draw.whole(1, 4), 7);
  const part = () => {
    const thinner = full.map(size => (draw.whole(0, 3) === 0 ? 1 : size));
    return draw.whole(0, 2) === 0 ? thinner.slice(draw.whole(0, full.length)) : thinner;
  };
  return [part(), part()];
}

const unaryCase = (name: string, op: Unary, scale: number, shape: number[]): KernelCase => ({
  name: `${name} of [${shape}] × ${scale}`,
  compute: () => resultAndGradients(x => op(x as tf.Tensor), [tf.mul(noise(shape, 1), scale)]),
});

const twice = (shape: number[]): number[] => (shape.length > 1 ? shape : [2, ...shape]);

/** Softmax and its like over an axis of two or more, with inputs of which some are far from 0. */
const activationCases = drawn('activation', 6, draw => twice(draw.sizes(draw.whole(1, 4), 7))).flatMap(
  (shape, i) => ACTIVATIONS.map(name => unaryCase(name, activation(name), i % 2 === 0 ? 2 : 12, shape)),
);

const unaryCases = drawn('unary', 4, draw => draw.sizes(draw.whole(1, 4), 7)).flatMap(shape =>
  Object.entries(UNARY).map(([name, op]) => unaryCase(name, op, 2, shape)),
);

const binaryCases = drawn('binary', 16, drawShapes).flatMap(([a, b]) =>
  Object.entries(BINARY).map(
    ([name, op]): KernelCase => ({
      name: `${name} of [${a}] and [${b}]`,
      compute: () =>
        resultAndGradients((x, y) => op(x as tf.Tensor, y as tf.Tensor), [noise(a, 1), noise(b, 2)]),
    }),
  ),
);

const comparisonCases = drawn('comparison', 8, drawShapes).flatMap(([a, b]) =>
  Object.entries(COMPARISONS).map(
    ([name, op]): KernelCase => ({
      name: `${name} of [${a}] and [${b}]`,
      compute: () => [tf.cast(op(tf.round(noise(a, 1)), tf.round(noise(b, 2))), 'float32')],
    }),
  ),
);

const choiceCases = drawn('choice', 20, draw => draw.sizes(draw.whole(1, 4), 7)).map(
  (shape): KernelCase => ({
    name: `where of [${shape}]`,
    compute: () => {
      const condition = tf.greater(noise(shape, 3), 0);
      return resultAndGradients((a, b) => tf.where(condition, a, b), [noise(shape, 1), noise(shape, 2)]);
    },
  }),
);

/** Slopes below zero: one for all, for each channel, for each place, for each row, and for each value. */
const preluCases = drawn('prelu', 30, draw => {
  const shape = draw.sizes(draw.whole(2, 4), 6);
  const slopes = shape.map(size => (draw.whole(0, 1) === 0 ? 1 : size));
  return { shape, slopes: draw.whole(0, 1) === 0 ? slopes : slopes.slice(draw.whole(0, slopes.length - 1)) };
}).map(
  ({ shape, slopes }): KernelCase => ({
    name: `[${shape}] with slopes [${slopes}]`,
    compute: () => resultAndGradients((x, alpha) => tf.prelu(x, alpha), [noise(shape, 1), noise(slopes, 2)]),
  }),
);

export const DRAWN_ELEMENT_GROUPS: readonly CaseGroup[] = [
  {
    name: 'activations of drawn shapes',
    kernels: ['Elu', 'EluGrad', 'Erf', 'Minimum', 'Selu', 'Sigmoid', 'Softmax', 'Softplus', 'Tanh'],
    cases: activationCases,
  },
  {
    name: 'functions of each value of drawn shapes',
    kernels: ['ClipByValue', 'Exp', 'LeakyRelu', 'Log', 'Pow', 'Relu6', 'Rsqrt', 'Sqrt', 'Square', 'Step'],
    cases: unaryCases,
  },
  {
    name: 'two drawn shapes',
    kernels: ['Add', 'Maximum', 'Minimum', 'Multiply', 'Pow', 'RealDiv', 'SquaredDifference', 'Sub'],
    cases: binaryCases,
  },
  { name: 'comparisons of two drawn shapes', kernels: ['Equal', 'Greater', 'Less'], cases: comparisonCases },
  { name: 'choices between two of a drawn shape', kernels: ['Select'], cases: choiceCases },
  { name: 'drawn slopes below zero', kernels: ['Prelu'], cases: preluCases },
];
