import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Examples } from '../../../shared/datasets/examples.ts';
import { loadData } from '../learning/bench-data.ts';
import type { LabelledRows } from './network/pictures.ts';

export const ATTACK_DATA = ['digits', 'glyphs', 'fashion-mnist', 'mnist'] as const;
export type AttackDataName = (typeof ATTACK_DATA)[number];

export interface AttackData {
  readonly train: LabelledRows;
  /** Of these the host's referee keeps some for itself. Nobody else has them. */
  readonly root: LabelledRows;
  readonly test: LabelledRows;
  /** Height and width of a picture. */
  readonly side: number;
  readonly classes: number;
}

/** Training pictures of a set that has more. Enough that thirty volunteers have a hundred each. */
const TRAIN_EXAMPLES = 3_000;
const ROOT_EXAMPLES = 800;
/** A picture of 28 × 28 becomes one of 7 × 7: each value is the mean of 4 × 4 pixels. */
const POOLED = 4;
const WHITE = 255;

/** UCI's pictures of 8 × 8, with values up to 16 (Alpaydin, Kaynak 1998). */
const DIGITS = { side: 8, white: 16, classes: 10, train: 'optdigits.tra.gz', test: 'digits.csv.gz' } as const;

const fileOf = (name: string): string =>
  fileURLToPath(new URL(`../../../../shared/data/${name}`, import.meta.url));

/** Glyphs are drawn, so they are always there. */
export const hasData = (name: AttackDataName): boolean => name === 'glyphs' || existsSync(fileOf(name));

/** The same pictures for every cell, as rows of values in [0, 1]. */
export async function loadAttackData(name: AttackDataName): Promise<AttackData> {
  if (name === 'digits') return loadDigits();
  const { train, held } = await loadData(name, TRAIN_EXAMPLES + ROOT_EXAMPLES, 'test');
  const side = train.shape.width / POOLED;
  return { ...withRoot(pooled(train)), test: pooled(held), side, classes: train.classes };
}

const loadDigits = (): AttackData => ({
  ...withRoot(readDigits(DIGITS.train)),
  test: readDigits(DIGITS.test),
  side: DIGITS.side,
  classes: DIGITS.classes,
});

/** A line has the pixels of one picture, then its label. */
function readDigits(file: string): LabelledRows {
  const text = gunzipSync(readFileSync(fileOf(`digits/${file}`))).toString('utf8');
  const lines = text
    .trim()
    .split('\n')
    .map(line => line.split(',').map(Number));
  const size = DIGITS.side ** 2;
  return {
    inputs: Float32Array.from(lines.flatMap(line => line.slice(0, size).map(value => value / DIGITS.white))),
    labels: Uint8Array.from(lines, line => line[size] ?? 0),
    size,
  };
}

const withRoot = (all: LabelledRows): Pick<AttackData, 'train' | 'root'> => ({
  train: rowsBetween(all, 0, TRAIN_EXAMPLES),
  root: rowsBetween(all, TRAIN_EXAMPLES, TRAIN_EXAMPLES + ROOT_EXAMPLES),
});

const rowsBetween = ({ inputs, labels, size }: LabelledRows, from: number, to: number): LabelledRows => ({
  inputs: inputs.subarray(from * size, to * size),
  labels: labels.subarray(from, to),
  size,
});

function pooled({ shape, pixels, labels }: Examples): LabelledRows {
  const side = shape.width / POOLED;
  const inputs = new Float32Array(labels.length * side * side);
  for (const [at, value] of pixels.entries()) {
    const [x, y] = [at % shape.width, Math.floor(at / shape.width) % shape.height];
    const picture = Math.floor(at / (shape.width * shape.height));
    const to = (picture * side + Math.floor(y / POOLED)) * side + Math.floor(x / POOLED);
    inputs[to] = (inputs[to] ?? 0) + value / (WHITE * POOLED * POOLED);
  }
  return { inputs, labels, size: side * side };
}
