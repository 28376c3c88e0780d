/**
 * `glyphs`, the built-in data set: digits as if written by hand, drawn from a seed, so that a run needs no download and
 * no hosted file. Every platform draws the same bytes: randomness is from `shared/math/random.ts`, arithmetic as in
 * `glyph-canvas.ts`. The set is hard enough to tell models apart and easy enough for a demo. Measured on 2,000 test
 * pictures: softmax regression reaches 85.5 % with 8,000 training pictures and 88.4 % with 40,000; a CNN of two
 * convolutions passes 95 % within the first 8,000 and reaches 99.2 % after four epochs of them.
 */
import { createRandom, type Random, randomInteger, shuffled } from '../math/random.ts';
import {
  GLYPH_CLASSES,
  GLYPH_SHAPE,
  type GlyphsDataset,
  partExamples,
  type Split,
} from '../protocol/dataset.ts';
import type { Examples } from './examples.ts';
import { type Canvas, createCanvas, drawStroke } from './glyph-canvas.ts';
import { glyphShapes, type Stroke } from './glyph-shapes.ts';
import { dirichletWeights } from './partition.ts';

/**
 * How much pictures differ from each other. Sizes are in pixels unless said. If one of these changes, every picture
 * does: a hash in the tests says so.
 */
const variation = {
  /** A digit's height and its width as a share of that. */
  height: [15, 21],
  aspect: [0.7, 1.05],
  /** Tangent of half the angle: ±0.14 is ±16°. */
  halfTurn: [-0.14, 0.14],
  shear: [-0.3, 0.3],
  shift: [-2.5, 2.5],
  /** Bending of the whole digit and wobble of each point, in units of its box. */
  bend: [-0.15, 0.15],
  wobble: [-0.02, 0.02],
  radius: [0.7, 1.5],
  ink: [0.6, 1],
  /** Distracting strokes: how many at most, how long a side. */
  clutter: 2,
  clutterLength: [-2.5, 2.5],
  noise: [0.02, 0.2],
} as const;

/** The pictures of one part of a glyphs data set. Throws RangeError if there is no such part. */
export const drawGlyphsPart = (dataset: GlyphsDataset, split: Split, index: number): Examples =>
  drawGlyphs(requestOf(dataset, split, index));

/** Its labels alone, which come before any picture is drawn. */
export const drawPartLabels = (dataset: GlyphsDataset, split: Split, index: number): Uint8Array =>
  drawLabels(requestOf(dataset, split, index)).labels;

function requestOf(dataset: GlyphsDataset, split: Split, index: number): GlyphsRequest {
  const count = partExamples(dataset, split, index);
  if (count === 0) throw new RangeError(`no part ${index} of ${split}`);
  const request = { seed: dataset.seed, split, part: index, count };
  if (split === 'test' || dataset.partition.kind === 'iid') return request;
  const seed = ['glyphs', dataset.seed, index];
  return { ...request, classWeights: dirichletWeights(seed, GLYPH_CLASSES, dataset.partition.alpha) };
}

export interface GlyphsRequest {
  readonly seed: number;
  readonly split: Split;
  /** Which part; each has a random stream of its own. */
  readonly part: number;
  readonly count: number;
  /** Ten weights, not negative, of any positive sum. Uniform if left out. */
  readonly classWeights?: readonly number[];
}

/**
 * `count` pictures, 28 × 28 × 1. Each class comes within one of `count × weight / sum` times, in random order.
 * Throws RangeError on bad weights.
 */
export function drawGlyphs(request: GlyphsRequest): Examples {
  const { count } = request;
  const { random, labels } = drawLabels(request);
  const size = GLYPH_SHAPE.height * GLYPH_SHAPE.width;
  const pixels = new Uint8Array(count * size);
  const canvas = createCanvas(GLYPH_SHAPE.height, GLYPH_SHAPE.width);
  for (let i = 0; i < count; i++) {
    canvas.ink.fill(0);
    drawGlyph(random, canvas, labels[i] as number);
    drawClutter(random, canvas);
    developInto(pixels.subarray(i * size, (i + 1) * size), random, canvas);
  }
  return { shape: GLYPH_SHAPE, classes: GLYPH_CLASSES, labels, pixels };
}

/** The labels of a part, and the random stream of which its pictures are drawn next. */
interface Drawn {
  readonly random: Random;
  readonly labels: Uint8Array;
}

/** Systematic sampling: marks at even distances on the cumulated weights, so that a small part is balanced too. */
function drawLabels({ seed, split, part, count, classWeights }: GlyphsRequest): Drawn {
  const random = createRandom('glyphs', seed, split, part);
  const weights = classWeights ?? new Array<number>(GLYPH_CLASSES).fill(1);
  const sum = weights.reduce((a, b) => a + b, 0);
  if (weights.length !== GLYPH_CLASSES || !weights.every(w => w >= 0) || !(sum > 0 && sum < Infinity))
    throw new RangeError(`class weights must be ${GLYPH_CLASSES} numbers, not negative, of positive sum`);
  const offset = random();
  const labels: number[] = [];
  let cumulated = 0;
  for (const [label, weight] of weights.entries()) {
    cumulated += weight;
    const until = label === GLYPH_CLASSES - 1 ? count : Math.round((cumulated / sum) * count + offset - 0.5);
    while (labels.length < Math.min(until, count)) labels.push(label);
  }
  return { random, labels: Uint8Array.from(shuffled(random, labels)) };
}

function drawGlyph(random: Random, canvas: Canvas, digit: number): void {
  const variants = glyphShapes[digit] ?? [];
  const strokes = variants[randomInteger(random, variants.length)] ?? [];
  const place = drawPlacement(random);
  const pen = { radius: between(random, variation.radius), ink: between(random, variation.ink) };
  for (const stroke of strokes) drawStroke(canvas, place(stroke), pen);
}

/** Wobble, bend, scale, shear, rotate, shift: the map from a digit's box to pixels. */
function drawPlacement(random: Random): (stroke: Stroke) => Stroke {
  const scaleY = between(random, variation.height);
  const scaleX = scaleY * between(random, variation.aspect);
  const shear = between(random, variation.shear);
  const bendX = between(random, variation.bend);
  const bendY = between(random, variation.bend);
  const half = between(random, variation.halfTurn);
  // The rational parametrisation of the circle gives cos and sin without Math.cos, whose last bits differ among engines.
  const cos = (1 - half * half) / (1 + half * half);
  const sin = (2 * half) / (1 + half * half);
  const centreX = (GLYPH_SHAPE.width - 1) / 2 + between(random, variation.shift);
  const centreY = (GLYPH_SHAPE.height - 1) / 2 + between(random, variation.shift);
  return stroke => {
    const placed = new Float64Array(stroke.length);
    for (let i = 0; i < stroke.length; i += 2) {
      const u = (stroke[i] as number) - 0.5 + between(random, variation.wobble);
      const v = (stroke[i + 1] as number) - 0.5 + between(random, variation.wobble);
      const y = (v + bendY * (u * u - 0.1)) * scaleY;
      const x = (u + bendX * (v * v - 0.1)) * scaleX - shear * y;
      placed[i] = centreX + cos * x - sin * y;
      placed[i + 1] = centreY + sin * x + cos * y;
    }
    return placed;
  };
}

function drawClutter(random: Random, canvas: Canvas): void {
  const strokes = randomInteger(random, variation.clutter + 1);
  for (let i = 0; i < strokes; i++) {
    const x = random() * (canvas.width - 1);
    const y = random() * (canvas.height - 1);
    const end = [x + between(random, variation.clutterLength), y + between(random, variation.clutterLength)];
    const pen = { radius: between(random, variation.radius), ink: between(random, variation.ink) };
    drawStroke(canvas, Float64Array.of(x, y, ...end), pen);
  }
}

/** Ink to bytes, with noise of a strength drawn for this picture. */
function developInto(pixels: Uint8Array, random: Random, { ink }: Canvas): void {
  const noise = between(random, variation.noise);
  for (let i = 0; i < pixels.length; i++) {
    const value = (ink[i] as number) + noise * (random() - 0.5);
    pixels[i] = Math.round(255 * Math.min(1, Math.max(0, value)));
  }
}

const between = (random: Random, [low, high]: readonly [number, number]): number =>
  low + random() * (high - low);
