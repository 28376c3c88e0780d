import * as tf from '@tensorflow/tfjs-core';
import { type Draw, drawn } from '../draw.ts';
import {
  type CaseGroup,
  GRADIENT_SEED,
  type KernelCase,
  noise,
  noiseValues,
  resultAndGradients,
  type Values,
} from '../kernel-case.ts';
import { poolByHand, windowAxis } from './window-sums.ts';

/** Pooling over drawn windows, and pictures made larger or smaller, with their gradients. */

function drawPool(draw: Draw) {
  const pad = draw.pick(['same', 'valid'] as const);
  const window = draw.sizes(2, 4);
  const strides = draw.sizes(2, 5);
  const image = window.map(size => draw.whole(pad === 'same' ? 1 : size, 9));
  const axes = image.map((input, i) =>
    windowAxis({ input, filter: window[i] ?? 1, stride: strides[i] ?? 1, dilation: 1, pad }),
  );
  return { pad, window, strides, image, axes, batch: draw.whole(1, 3), channels: draw.whole(1, 9) };
}

const pair = ([first = 1, second = 1]: readonly number[]): [number, number] => [first, second];

function poolCases(kind: 'max' | 'mean'): KernelCase[] {
  const op = kind === 'max' ? tf.maxPool : tf.avgPool;
  return drawn(`${kind} pool`, 60, drawPool).map(({ pad, window, strides, image, axes, batch, channels }) => {
    const shape = [batch, ...image, channels];
    const outShape = [batch, ...axes.map(axis => axis.output), channels];
    return {
      name: `[${shape}], window [${window}], strides [${strides}], pad ${pad}`,
      compute: () =>
        resultAndGradients(x => op(x as tf.Tensor4D, pair(window), pair(strides), pad), [noise(shape, 1)]),
      byHand: () => {
        const [x, dy] = [noiseValues(shape, 1), noiseValues(outShape, GRADIENT_SEED)];
        const { y, dx } = poolByHand(kind, { axes, batch, channels }, x, dy);
        return [
          { shape: outShape, data: y },
          { shape, data: dx },
        ];
      },
    };
  });
}

type Method = 'nearest' | 'bilinear';
/** Where pixels lie: at their corners, at the picture's corners, or in their middles. */
type Lie = 'corner' | 'aligned' | 'middle';

/**
 * What an output place reads along an axis, and how much of it, in whole numbers as far as possible: the place is
 * over / size.
 */
function readsByHand(
  method: Method,
  lie: Lie,
  input: number,
  output: number,
  place: number,
): [number, number][] {
  const isAligned = lie === 'aligned' && output > 1;
  const size = isAligned ? output - 1 : lie === 'middle' ? 2 * output : output;
  const middle = (2 * place + 1) * input - (method === 'bilinear' ? output : 0);
  const over = isAligned ? place * (input - 1) : lie === 'middle' ? middle : place * input;
  if (method === 'nearest') {
    const nearest = lie === 'aligned' ? Math.floor((2 * over + size) / (2 * size)) : Math.floor(over / size);
    return [[Math.min(input - 1, nearest), 1]];
  }
  const before = Math.floor(over / size);
  const weight = over / size - before;
  return [
    [Math.max(0, before), 1 - weight],
    [Math.min(input - 1, before + 1), weight],
  ];
}

function resizeByHand(method: Method, lie: Lie, shape: readonly number[], size: readonly number[]): Values[] {
  const [batch = 1, height = 1, width = 1, channels = 1] = shape;
  const [outHeight = 1, outWidth = 1] = size;
  const outShape = [batch, outHeight, outWidth, channels];
  const [x, dy] = [noiseValues(shape, 1), noiseValues(outShape, GRADIENT_SEED)];
  const [y, dx] = [new Float64Array(dy.length), new Float64Array(x.length)];
  for (let o = 0; o < y.length; o++) {
    const pixel = Math.floor(o / channels);
    const row = Math.floor(pixel / outWidth) % outHeight;
    const n = Math.floor(pixel / (outWidth * outHeight));
    for (const [iy, a] of readsByHand(method, lie, height, outHeight, row))
      for (const [ix, b] of readsByHand(method, lie, width, outWidth, pixel % outWidth)) {
        const i = ((n * height + iy) * width + ix) * channels + (o % channels);
        y[o] = (y[o] ?? 0) + a * b * (x[i] ?? 0);
        dx[i] = (dx[i] ?? 0) + a * b * (dy[o] ?? 0);
      }
  }
  return [
    { shape: outShape, data: y },
    { shape, data: dx },
  ];
}

/** Every other one by a whole factor, as a layer enlarges pictures. */
function drawResize(draw: Draw, isWhole: boolean) {
  const image = draw.sizes(2, 7);
  const size = isWhole ? image.map(count => count * draw.whole(1, 5)) : draw.sizes(2, 13);
  return { shape: [draw.whole(1, 3), ...image, draw.whole(1, 5)], size: pair(size) };
}

function resizeCases(method: Method, lie: Lie): KernelCase[] {
  const op = method === 'nearest' ? tf.image.resizeNearestNeighbor : tf.image.resizeBilinear;
  return [true, false].flatMap(isWhole =>
    drawn(`${method} ${lie} ${isWhole}`, 21, draw => drawResize(draw, isWhole)).map(({ shape, size }) => ({
      name: `[${shape}] to [${size}]`,
      compute: () =>
        resultAndGradients(
          x => op(x as tf.Tensor4D, size, lie === 'aligned', lie === 'middle'),
          [noise(shape, 1)],
        ),
      byHand: () => resizeByHand(method, lie, shape, size),
    })),
  );
}

const LIES: readonly Lie[] = ['corner', 'aligned', 'middle'];

export const DRAWN_POOLING_GROUPS: readonly CaseGroup[] = [
  { name: 'drawn maxima of windows', kernels: ['MaxPool', 'MaxPoolGrad'], cases: poolCases('max') },
  { name: 'drawn means of windows', kernels: ['AvgPool', 'AvgPoolGrad'], cases: poolCases('mean') },
  ...LIES.map(lie => ({
    name: `drawn sizes by the nearest pixel, pixels by ${lie}`,
    kernels: ['ResizeNearestNeighbor', 'ResizeNearestNeighborGrad'],
    cases: resizeCases('nearest', lie),
  })),
  ...LIES.map(lie => ({
    name: `drawn sizes between pixels, pixels by ${lie}`,
    kernels: ['ResizeBilinear', 'ResizeBilinearGrad'],
    cases: resizeCases('bilinear', lie),
  })),
];
