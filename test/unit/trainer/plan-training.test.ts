import { beforeAll, expect, it } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import { loadExamples } from '../../../client/trainer/examples/examples.ts';
import { evaluateModel } from '../../../client/trainer/lease/evaluate-model.ts';
import { WorkPace } from '../../../client/trainer/lease/work-pace.ts';
import { type Loaded, SegmentModels } from '../../../client/trainer/models/segment-models.ts';
import type { BuiltModel } from '../../../client/trainer/trainer-api.ts';
import { NesterovSgd } from '../../../client/trainer/training/nesterov-sgd.ts';
import { trainSegment } from '../../../client/trainer/training/train-segment.ts';
import { evaluationTask, planTasks } from '../../../shared/plan/plan-tasks.ts';
import { type RunSpec, type RunSpecInput, runSpecSchema } from '../../../shared/protocol/run-spec.ts';
import { firstOf } from '../../support/extent.ts';
import { fewGlyphs, leaseJob, segmentFiles, wholeTask } from '../../support/local-trainer.ts';

const trainer = createTrainer();
let model: BuiltModel;

beforeAll(async () => {
  await trainer.start({ backend: 'wasm' });
  model = await trainer.build({ name: 'cnn', inputShape: [28, 28, 1], classes: 10, seed: 1, segments: 3 });
});

const ROUNDS = 8;

const plans: readonly RunSpecInput['plan'][] = [
  { name: 'growing-together', growAt: 0.4, freezeAt: 0.8, beta: 0.1 },
  { name: 'growing-together', growAt: 0.4, answer: 'sum', lambda: 0.3, beta: 0 },
  { name: 'layer-to-layer', turns: 'together', beta: 0.5, alpha: 0.3 },
  { name: 'layer-to-layer', turns: 'split', beta: 0.5 },
];

const specOf = (plan: RunSpecInput['plan']): RunSpec =>
  runSpecSchema.parse({
    name: 'sanity',
    seed: 1,
    dataset: fewGlyphs,
    plan,
    rounds: ROUNDS,
    training: { learningRate: 0.02 },
  });

/** Cross-entropy of the whole network on the pictures that it is trained on. */
async function lossOf(spec: RunSpec, loaded: Loaded): Promise<number> {
  const examples = loadExamples(leaseJob(model, wholeTask).examples);
  const task = evaluationTask(spec, model.outline, ROUNDS);
  const { lossSum } = await evaluateModel(loaded, task, examples, 96, new WorkPace(1));
  return lossSum / examples.labels.length;
}

it.each(firstOf(2, plans))('a run under %o learns, in three segments', async plan => {
  const spec = specOf(plan);
  const models = new SegmentModels();
  const loaded = await models.loadAll(segmentFiles(model));
  const optimizer = new NesterovSgd(spec.training);
  const before = await lossOf(spec, loaded);
  for (let round = 1; round <= ROUNDS; round++)
    for (const task of planTasks(spec, model.outline, round)) {
      const job = leaseJob(model, { ...task, epochs: 5 });
      await trainSegment(job, loaded, loadExamples(job.examples), new WorkPace(1), optimizer);
    }
  expect(await lossOf(spec, loaded)).toBeLessThan(0.3 * before);
  optimizer.dispose();
  models.dispose();
});
