import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import { loadExamples } from '../../../client/trainer/examples/examples.ts';
import { evaluateModel } from '../../../client/trainer/lease/evaluate-model.ts';
import { WorkPace } from '../../../client/trainer/lease/work-pace.ts';
import { pick, SegmentModels } from '../../../client/trainer/models/segment-models.ts';
import { evaluationMetricsSchema } from '../../../shared/protocol/lease.ts';
import { leaseJob, segmentFiles, wholeTask } from '../../support/local-trainer.ts';

it('a version whose logits are not numbers is evaluated, with a loss that fits the metrics', async () => {
  const trainer = createTrainer();
  await trainer.start({ backend: 'wasm' });
  const model = await trainer.build({ name: 'cnn-tiny', inputShape: [28, 28, 1], classes: 10, seed: 1 });
  const loaded = await new SegmentModels().loadAll(segmentFiles(model));
  for (const { variables } of pick(loaded, wholeTask.path))
    for (const variable of variables) variable.assign(tf.mul(variable, 1e30));
  const examples = loadExamples(leaseJob(model, wholeTask).examples);
  const evaluation = await evaluateModel(loaded, wholeTask, examples, 96, new WorkPace(1));
  const metrics = { ...evaluation, downloadBytes: 0, backend: 'wasm' };
  expect(evaluationMetricsSchema.parse(JSON.parse(JSON.stringify(metrics)))).toEqual(metrics);
  expect(evaluation.lossSum / evaluation.examples).toBeGreaterThan(100);
});
