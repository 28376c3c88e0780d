import { beforeAll, expect, it } from 'vitest';
import { createTrainer } from '../../../../client/trainer/create-trainer.ts';
import { readShards } from '../../../../shared/codec/shard-layout.ts';
import { runSpecSchema } from '../../../../shared/protocol/run-spec.ts';
import { loadData } from '../../../bench/learning/bench-data.ts';
import { cutForLeases } from '../../../bench/learning/federated-data.ts';
import { Federation } from '../../../bench/learning/federation.ts';

const EXAMPLES = 50;
const VOLUNTEERS = 3;
const trainer = createTrainer();

beforeAll(async () => {
  await trainer.start({ backend: 'wasm' });
});

it('[PUB8] a version keeps the sum of what its volunteers keep, times the examples of a lease', async () => {
  const { name, train } = await loadData('glyphs', EXAMPLES * VOLUNTEERS, 'dev');
  const cut = cutForLeases(name, train, EXAMPLES, { kind: 'iid' }, 1);
  expect(cut.dataset.train.map(({ examples }) => examples)).toEqual([EXAMPLES, EXAMPLES, EXAMPLES]);
  const built = await trainer.build({ name: 'cnn-tiny', inputShape: [28, 28, 1], classes: 10, seed: 1 });
  const { outline } = built;
  const spec = runSpecSchema.parse({
    name: 'drift',
    seed: 1,
    dataset: cut.dataset,
    plan: { name: 'depth-federated', correction: 0.1 },
    rounds: 4,
    codec: { name: 'f32' },
    aggregation: 'mean',
    training: { partsFor: 'volunteer' },
    policy: { updatesPerRound: 2, overIssue: 1, minVolunteers: VOLUNTEERS, evaluators: 'referees' },
  });
  const federation = new Federation({ spec, model: outline }, built, cut, trainer, VOLUNTEERS);
  while (!federation.isTrained) await federation.advance();

  for (const { id, tensors } of outline.segments) {
    const files = federation.manifest.segments[id]?.slots?.moved ?? [];
    const kept = readShards(
      tensors,
      files.map(file => federation.blob(file?.sha256 ?? '')),
    );
    if (!kept.ok) throw new Error(kept.detail);
    for (const tensor of kept.value) {
      const sums = tensor.values.map((_, i) =>
        federation.volunteers.reduce((sum, { drift }) => sum + (drift[id]?.[tensor.name]?.[i] ?? 0), 0),
      );
      expect(sums.some(sum => sum !== 0)).toBe(true);
      for (const [i, value] of tensor.values.entries())
        expect(value).toBeCloseTo(EXAMPLES * (sums[i] ?? 0), 3);
    }
  }
});
