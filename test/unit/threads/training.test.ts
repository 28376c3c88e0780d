import { afterEach, describe, expect, it } from 'vitest';
import { startTrainer, type TrainerThread } from '../../../client/headless/trainer-thread/start-trainer.ts';
import type { BuiltModel, LeaseResult } from '../../../client/trainer/trainer-api.ts';
import { decodeUpdate, openEnvelope } from '../../../shared/codec/envelope.ts';
import { expectedTensors } from '../../../shared/protocol/expected-tensors.ts';
import { leaseJob, wholeTask } from '../../support/local-trainer.ts';

const started: TrainerThread[] = [];

afterEach(() => Promise.all(started.splice(0).map(thread => thread.stop())));

function openUpdate({ envelope }: LeaseResult, model: BuiltModel) {
  const opened = openEnvelope(envelope);
  if (!opened.ok) throw new Error(opened.reason);
  const tensors = expectedTensors(model.outline, wholeTask.trains);
  const values = decodeUpdate(opened.value, { codec: { name: 'f32' }, tensors });
  if (!values.ok) throw new Error(values.reason);
  return { values: values.value, metrics: opened.value.metrics };
}

/** One lease of the whole network on so many threads, in a trainer of its own. */
async function train(threads: number) {
  const thread = startTrainer();
  started.push(thread);
  const info = await thread.trainer.start({ backend: 'wasm', threads });
  const model = await thread.trainer.build({ name: 'cnn', inputShape: [28, 28, 1], classes: 10, seed: 1 });
  return { info, ...openUpdate(await thread.trainer.work(leaseJob(model, wholeTask)), model) };
}

describe('training on several threads', () => {
  it('gives the same update, to the bit, as on one', async () => {
    const [one, three] = [await train(1), await train(3)];
    expect(one.info).toMatchObject({ backend: 'wasm', threads: 1, note: null });
    expect(three.info).toMatchObject({ backend: 'wasm', threads: 3, note: null });
    expect(three.metrics).toMatchObject({ backend: 'wasm', threads: 3 });
    expect(three.values.some(tensor => tensor.some(value => value !== 0))).toBe(true);
    expect(three.values).toEqual(one.values);
  });
});
