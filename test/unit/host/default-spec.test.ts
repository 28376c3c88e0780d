import { expect, it } from 'vitest';
import { defaultGlyphs, defaultSpec } from '../../../client/host/default-spec.ts';
import type { Dataset } from '../../../shared/protocol/dataset.ts';

const part = { sha256: 'a'.repeat(64), bytes: 1_000, examples: 10 };

const hosted = (channels: number): Dataset => ({
  kind: 'hosted',
  name: 'pictures',
  shape: { height: 32, width: 32, channels },
  classes: 10,
  partition: { kind: 'iid' },
  train: [part],
  test: [part],
});

it.each([
  ['of colours', hosted(3), 'flip-and-crop'],
  ['of greys', hosted(1), 'none'],
  ['of glyphs', defaultGlyphs(1), 'none'],
])('a run on pictures %s augments them as they bear it', (_, dataset, augment) => {
  const { training } = defaultSpec({ name: 'a run', seed: 1, dataset, plan: 'conventional', rounds: 1 });
  expect(training?.augment).toBe(augment);
});
