import * as tf from '@tensorflow/tfjs-core';
import type { Distil, Task } from '../../../shared/protocol/lease.ts';
import type { DenseShape } from '../../support/dense-segments.ts';
import { exit } from '../../support/local-trainer.ts';

const [S1, S2, S3, HEAD1, HEAD2, AVERAGE] = ['s1', 's2', 's3', 'h1', 'h2', 'average'] as const;
const WIDTH = 4;
export const [PIXELS, CLASSES] = [5, 3];
export const TEMPERATURE = 2;

const logits = { inputs: WIDTH, units: CLASSES, isLogits: true };

/** Two segments before the one that puts out logits itself, a head on each, and what may stand before a head. */
export const formSegments: Readonly<Record<string, DenseShape>> = {
  [S1]: { inputs: PIXELS, units: WIDTH, layers: 2 },
  [S2]: { inputs: WIDTH, units: WIDTH },
  [S3]: logits,
  [HEAD1]: logits,
  [HEAD2]: logits,
  [AVERAGE]: { inputs: WIDTH, units: WIDTH },
};

/** A copy of the numbers without their history, so that no gradient flows back. */
const cut = (x: tf.Tensor): tf.Tensor => tf.tensor(x.dataSync(), x.shape);

const crossEntropies = (z: tf.Tensor, y: tf.Tensor): tf.Tensor =>
  tf.neg(tf.sum(tf.mul(y, tf.logSoftmax(z)), 1));

/** The distillation from an exit, without a gradient to it, into logits z; the gate is computed by hand. */
function distilled(z: tf.Tensor, distilFrom: tf.Tensor, y: tf.Tensor, gated = true): tf.Tensor {
  const p = cut(tf.softmax(tf.div(cut(distilFrom), TEMPERATURE)));
  const q = tf.softmax(tf.div(z, TEMPERATURE));
  const apart = tf.sum(tf.mul(p, tf.sub(tf.log(p), tf.log(q))), 1);
  const [mine, theirs] = [crossEntropies(z, y).dataSync(), crossEntropies(distilFrom, y).dataSync()];
  const gate = tf.tensor1d([...mine].map((loss, i) => (!gated || (theirs[i] as number) < loss ? 1 : 0)));
  return tf.mul(tf.mean(tf.mul(gate, apart)), TEMPERATURE ** 2);
}

const fromLabels = (z: tf.Tensor, y: tf.Tensor): tf.Tensor => tf.mean(crossEntropies(z, y));

const sum = (...losses: tf.Tensor[]): tf.Scalar => tf.addN(losses) as tf.Scalar;

const distil = (after: string, chain: readonly string[], weight = 1, gated = true): Distil => ({
  distilFrom: { after, through: [...chain] },
  weight,
  temperature: TEMPERATURE,
  gated,
});

const FROM_FIRST = { after: S1, through: [HEAD1] };
const FROM_SECOND = { after: S2, through: [HEAD2] };
const fromSum = (weight: number): Distil => ({
  ...distil(S2, [HEAD2], weight),
  distilFrom: { ...FROM_SECOND, plus: [FROM_FIRST] },
});

/** Runs segments, one after the other. */
type Through = (ids: readonly string[], x: tf.Tensor) => tf.Tensor;

export interface Form {
  readonly name: string;
  readonly task: Pick<Task, 'path' | 'exits' | 'trains'> & Partial<Task>;
  /** The same loss, written plainly. */
  readonly loss: (x: tf.Tensor, y: tf.Tensor, through: Through) => tf.Scalar;
}

/** Tasks of every form, on `formSegments`. */
export const forms: readonly Form[] = [
  {
    name: 'a student that learns from the labels',
    task: { path: [S1], exits: [exit(S1, HEAD1)], trains: [S1, HEAD1] },
    loss: (x, y, through) => sum(fromLabels(through([S1, HEAD1], x), y)),
  },
  {
    name: 'a student that distils from its teacher',
    task: {
      path: [S1],
      exits: [{ ...exit(S1, HEAD1), labelWeight: 0.3, distils: [distil(S1, [S2, S3], 0.7)] }],
      trains: [S1, HEAD1],
    },
    loss: (x, y, through) => {
      const [z, distilFrom] = [through([S1, HEAD1], x), through([S1, S2, S3], x)];
      return sum(tf.mul(fromLabels(z, y), 0.3), tf.mul(distilled(z, distilFrom, y), 0.7));
    },
  },
  {
    name: 'a student that distils from its teacher without a gate',
    task: {
      path: [S1],
      exits: [{ ...exit(S1, HEAD1), labelWeight: 0, distils: [distil(S1, [S2, S3], 1, false)] }],
      trains: [S1, HEAD1],
    },
    loss: (x, y, through) => sum(distilled(through([S1, HEAD1], x), through([S1, S2, S3], x), y, false)),
  },
  {
    name: 'a teacher on kept features that distils from its student',
    task: {
      frozen: [S1],
      path: [S2],
      exits: [{ ...exit(S2, HEAD2), distils: [distil(S1, [HEAD1], 0.5)] }],
      trains: [S2, HEAD2],
    },
    loss: (x, y, through) => {
      const h = cut(through([S1], x));
      const z = through([S2, HEAD2], h);
      return sum(fromLabels(z, y), tf.mul(distilled(z, through([HEAD1], h), y), 0.5));
    },
  },
  {
    name: 'all together with two exits, of which the second distils from the first',
    task: {
      path: [S1, S2, S3],
      exits: [
        { ...exit(S1, HEAD1), labelWeight: 0.5 },
        { ...exit(S3), distils: [distil(S1, [HEAD1], 0.4)] },
      ],
      trains: [S1, S2, S3, HEAD1],
    },
    loss: (x, y, through) => {
      const h = through([S1], x);
      const [z1, z3] = [through([HEAD1], h), through([S2, S3], h)];
      return sum(tf.mul(fromLabels(z1, y), 0.5), fromLabels(z3, y), tf.mul(distilled(z3, z1, y), 0.4));
    },
  },
  {
    name: 'the first segment through the others, which are not trained',
    task: { path: [S1, S2, S3], exits: [exit(S3)], trains: [S1] },
    loss: (x, y, through) => sum(fromLabels(through([S1, S2, S3], x), y)),
  },
  {
    name: 'three segments apart, each of which distils from the one before',
    task: {
      path: [S1, S2, S3],
      isolated: true,
      exits: [
        exit(S1, HEAD1),
        { ...exit(S2, HEAD2), distils: [distil(S1, [HEAD1])] },
        { ...exit(S3), distils: [distil(S2, [HEAD2]), distil(S1, [HEAD1], 0.2)] },
      ],
      trains: [S1, S2, S3, HEAD1, HEAD2],
    },
    loss: (x, y, through) => {
      const h1 = through([S1], x);
      const h2 = through([S2], cut(h1));
      const [z1, z2, z3] = [through([HEAD1], h1), through([HEAD2], h2), through([S3], cut(h2))];
      const labelled = [z1, z2, z3].map(z => fromLabels(z, y));
      return sum(...labelled, distilled(z2, z1, y), distilled(z3, z2, y), tf.mul(distilled(z3, z1, y), 0.2));
    },
  },
  {
    name: 'segments apart, which distil from an exit that no loss has, at the end of the block before',
    task: {
      path: [S1, S2],
      isolated: true,
      exits: [exit(S1, HEAD1), { ...exit(S2, HEAD2), distils: [distil(S1, [AVERAGE, HEAD1])] }],
      trains: [S1, S2, HEAD1, HEAD2],
    },
    loss: (x, y, through) => {
      const h1 = through([S1], x);
      const [z1, z2] = [through([HEAD1], h1), through([S2, HEAD2], cut(h1))];
      return sum(fromLabels(z1, y), fromLabels(z2, y), distilled(z2, through([AVERAGE, HEAD1], h1), y));
    },
  },
  {
    name: 'an exit through a segment that is not trained',
    task: { path: [S1], exits: [exit(S1, AVERAGE, HEAD1)], trains: [S1, HEAD1] },
    loss: (x, y, through) => sum(fromLabels(through([S1, AVERAGE, HEAD1], x), y)),
  },
  {
    name: 'a sum of logits to which only the last segment is new, and its heads have exits of their own',
    task: {
      path: [S1, S2, S3],
      exits: [
        { ...exit(S1, HEAD1), labelWeight: 0.5 },
        { ...exit(S2, HEAD2), plus: [{ after: S1, through: [HEAD1] }], labelWeight: 0.5 },
        { ...exit(S3), plus: [FROM_SECOND, FROM_FIRST], distils: [fromSum(0.4)] },
      ],
      trains: [S1, S2, S3, HEAD1, HEAD2],
    },
    loss: (x, y, through) => {
      const [h1, h2] = [through([S1], x), through([S1, S2], x)];
      const [z1, z2, z3] = [through([HEAD1], h1), through([HEAD2], h2), through([S3], h2)];
      const [two, three] = [tf.add(z2, z1), tf.addN([z3, z2, z1])];
      const early = tf.mul(tf.add(fromLabels(z1, y), fromLabels(two, y)), 0.5);
      return sum(early, fromLabels(three, y), tf.mul(distilled(three, two, y), 0.4));
    },
  },
  {
    name: 'a sum of logits through which alone its heads learn; it distils from a sum that no loss has',
    task: {
      path: [S1, S2, S3],
      exits: [{ ...exit(S3), plus: [FROM_SECOND, FROM_FIRST], distils: [fromSum(0.4)] }],
      trains: [S1, S2, S3, HEAD1, HEAD2],
    },
    loss: (x, y, through) => {
      const [z1, z2, z3] = [
        [S1, HEAD1],
        [S1, S2, HEAD2],
        [S1, S2, S3],
      ].map(ids => through(ids, x));
      const [two, three] = [tf.addN([z1, z2] as tf.Tensor[]), tf.addN([z1, z2, z3] as tf.Tensor[])];
      return sum(fromLabels(three, y), tf.mul(distilled(three, two, y), 0.4));
    },
  },
  {
    name: 'a teacher that adds to the logits of its frozen student',
    task: {
      frozen: [S1],
      path: [S2, S3],
      exits: [{ ...exit(S3), plus: [FROM_FIRST], distils: [distil(S1, [HEAD1], 0.5)] }],
      trains: [S2, S3],
    },
    loss: (x, y, through) => {
      const h = cut(through([S1], x));
      const z1 = cut(through([HEAD1], h));
      const z = tf.add(through([S2, S3], h), z1);
      return sum(fromLabels(z, y), tf.mul(distilled(z, z1, y), 0.5));
    },
  },
];
