import type { Remote } from 'comlink';
import { expect, it } from 'vitest';
import { createRun } from '../../../client/host/create-run.ts';
import { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import type { TrainerApi } from '../../../client/trainer/trainer-api.ts';
import { fewGlyphs, startLocalTrainer } from '../../support/local-trainer.ts';

it.each([
  ['fewer rounds than parts', { plan: { name: 'growing' }, rounds: 1 }, /never trains segment-2/],
  [
    'freezing what still grows',
    { plan: { name: 'growing-together', growAt: 0.8, freezeAt: 0.5 }, rounds: 9 },
    /cannot freeze from 0.5 on/,
  ],
  ['[ROOT2] a root set of all training parts', { root: { parts: 2 } }, /leaves none to train on/],
] as const)('a run that cannot be is refused before anything is uploaded: %s', async (_, changes, why) => {
  const { trainer } = await startLocalTrainer();
  const created = createRun({
    // Nobody listens there: an upload would fail as unreachable.
    client: new HomeroomClient('http://127.0.0.1:9'),
    trainer: trainer as unknown as Remote<TrainerApi>,
    model: 'cnn-tiny',
    spec: {
      name: 'a run',
      seed: 1,
      dataset: fewGlyphs,
      plan: { name: 'layer-to-layer' },
      rounds: 1,
      ...changes,
    },
  });
  await expect(created).rejects.toMatchObject({ name: 'RefusedError', reason: 'bad-spec' });
  await expect(created).rejects.toThrow(why);
});
