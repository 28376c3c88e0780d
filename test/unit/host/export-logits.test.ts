import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultGlyphs, defaultSpec } from '../../../client/host/default-spec.ts';
import { exportRun } from '../../../client/host/export-run.ts';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { buildModel } from '../../../client/trainer/models/build-model.ts';
import { runExit, SegmentModels } from '../../../client/trainer/models/segment-models.ts';
import type { BuiltModel, ModelRequest } from '../../../client/trainer/trainer-api.ts';
import { evaluationTask, networkFor } from '../../../shared/plan/plan-tasks.ts';
import { type RunSpec, type RunSpecInput, runSpecSchema } from '../../../shared/protocol/run-spec.ts';
import { firstOf } from '../../support/extent.ts';
import { segmentFiles } from '../../support/local-trainer.ts';
import { conv3, dense3, input3, keras3, modelFiles, sequential3 } from '../models/keras-models.ts';

beforeAll(async () => {
  registerCpuKernels();
  await tf.setBackend('cpu');
});

const ROUNDS = 12;
const SIDE = 12;

type Plan = Extract<RunSpecInput['plan'], { name: 'growing-together' | 'depth-federated' }>;
const adding: Plan = { name: 'growing-together', answer: 'sum' };
const plain: Plan = { name: 'growing-together', answer: 'last' };

const specOf = (plan: Plan): RunSpec => {
  const choices = { name: 'a run', seed: 1, dataset: defaultGlyphs(1), plan: plan.name, rounds: ROUNDS };
  return runSpecSchema.parse({ ...defaultSpec(choices), plan });
};

const build = (plan: Plan, request: Partial<ModelRequest>): Promise<BuiltModel> =>
  buildModel({
    ...{ name: 'cnn', inputShape: [SIDE, SIDE, 1], classes: 10, seed: 1 },
    ...networkFor(specOf(plan).plan),
    ...request,
  });

const pictures = (): tf.Tensor => tf.randomUniform([4, SIDE, SIDE, 1], 0, 1, 'float32', 4);

/** Logits by which an evaluator judges the version of this round. */
async function judged(built: BuiltModel, plan: Plan, round = ROUNDS): Promise<tf.Tensor> {
  const models = new SegmentModels();
  const loaded = await models.loadAll(segmentFiles(built));
  const logits = tf.tidy(() =>
    runExit(loaded, evaluationTask(specOf(plan), built.outline, round), pictures()),
  );
  models.dispose();
  return logits;
}

/** The network that a run on this model exports, as tfjs reads it. */
async function exported({ outline, shards, blobs }: BuiltModel, plan: Plan): Promise<tf.LayersModel> {
  const segments = Object.fromEntries(
    Object.entries(shards).map(([id, refs]) => [id, { version: 0, shards: [...refs] }]),
  );
  const platform = {
    version: async (_run: string, version: number) => ({ version, segments }),
    getBlob: async (wanted: string) =>
      Uint8Array.from(blobs.find(({ sha256 }) => sha256 === wanted)?.bytes ?? []),
  };
  const run = { run: 'a-run', spec: specOf(plan), model: outline };
  const { modelJson, weights } = await exportRun(platform, run, ROUNDS);
  const { modelTopology, weightsManifest } = JSON.parse(modelJson);
  const weightSpecs = weightsManifest[0].weights;
  return tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs, weightData: Uint8Array.from(weights).buffer }),
  );
}

const largestDifference = (a: tf.Tensor, b: tf.Tensor): number =>
  tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] ?? Number.NaN);

/** With group norm before a head, a skip connection beside it, and neither. */
const networks = [
  ['cnn', 2],
  ['cnn', 3],
  ['resnext20-8x4', 3],
  ['densenet-28-12', 2],
  ['densenet-28-12', 3],
] as const;

describe('the network of a growing run that is exported', () => {
  it.each(firstOf(2, networks))(
    'has the logits that it was judged by, with the heads that stay: %s in %i',
    async (name, segments) => {
      const built = await build(adding, { name, segments });
      const model = await exported(built, adding);
      const logits = model.predict(pictures()) as tf.Tensor;
      expect(logits.shape).toEqual([4, 10]);
      expect(largestDifference(logits, await judged(built, adding))).toBeLessThan(1e-4);
      // The last segment alone would say something else.
      expect(largestDifference(logits, await judged(built, plain))).toBeGreaterThan(0.01);
      expect(model.layers.filter(layer => /^head-\d+-logits$/.test(layer.name))).toHaveLength(segments - 1);
    },
  );

  it.each(firstOf(2, networks))(
    'has the logits that it was judged by, without heads: %s in %i',
    async (name, segments) => {
      const built = await build(plain, { name, segments });
      const model = await exported(built, plain);
      const logits = model.predict(pictures()) as tf.Tensor;
      expect(largestDifference(logits, await judged(built, plain))).toBeLessThan(1e-4);
      expect(model.layers.filter(({ name: layer }) => layer.startsWith('head'))).toEqual([]);
    },
  );

  it('keeps its heads apart from layers of their names in a network of one’s own', async () => {
    const own = sequential3(
      input3([SIDE, SIDE, 1]),
      conv3('head-1-logits', 2, { activation: 'relu' }),
      keras3('GlobalAveragePooling2D', 'mean', {}),
      dense3('answer', 3),
    );
    const files = modelFiles(own, [
      ['head-1-logits/kernel', [3, 3, 1, 2]],
      ['head-1-logits/bias', [2]],
      ['answer/kernel', [2, 3]],
      ['answer/bias', [3]],
    ]);
    const built = await build(adding, { name: 'own', files, classes: 3 });
    const logits = (await exported(built, adding)).predict(pictures()) as tf.Tensor;
    expect(largestDifference(logits, await judged(built, adding))).toBeLessThan(1e-4);
  });
});

describe('the network of a run by depth that is exported', () => {
  it.each(firstOf(2, networks))(
    'says the probabilities of its ensemble, by which it was judged: %s in %i',
    async (name, segments) => {
      const plan: Plan = { name: 'depth-federated', answer: 'ensemble' };
      const built = await build(plan, { name, segments });
      const probabilities = (await exported(built, plan)).predict(pictures()) as tf.Tensor;
      const logits = await judged(built, plan);
      expect(largestDifference(probabilities, tf.softmax(logits))).toBeLessThan(1e-5);
      // The logits of an ensemble are the logarithms of probabilities: they need no softmax.
      expect(largestDifference(probabilities, tf.exp(logits))).toBeLessThan(1e-5);
      const last = await judged(built, { ...plan, answer: 'last' });
      expect(largestDifference(probabilities, tf.softmax(last))).toBeGreaterThan(1e-4);
    },
  );
});

describe('at the moment a segment joins', () => {
  /** The largest change of a class's probability, of those at these rounds to those a round later. */
  async function changes(plan: Plan, request: Partial<ModelRequest>, before: readonly number[]) {
    const built = await build(plan, request);
    const at = async (round: number) => tf.softmax(await judged(built, plan, round));
    return Promise.all(before.map(async round => largestDifference(await at(round), await at(round + 1))));
  }

  it.each(firstOf(2, ['cnn', 'resnext20-8x4', 'cnn-5', 'vgg16-quarter', 'densenet-28-12']))(
    'the network says what it said before, if logits are added: %s',
    async name => {
      // By twelfths: the second joins as round 4 begins, the third as round 7 does.
      const changed = await changes(adding, { name, segments: 3 }, [3, 6]);
      const alone = await changes(plain, { name, segments: 3 }, [3, 6]);
      for (const [i, change] of changed.entries()) {
        expect(change).toBeGreaterThan(0);
        expect(change).toBeLessThan(0.05);
        // The newest logits alone are others.
        expect(alone[i]).toBeGreaterThan(3 * change);
      }
    },
  );
});
