import { expect, it } from 'vitest';
import { describedBySize, isBySize } from '../../client/web/new-run/set-by-size.ts';
import { type HostedDataset, hostedDatasetSchema } from '../../shared/protocol/dataset.ts';
import { summaryOf } from '../../shared/protocol/dataset-summary.ts';
import { partBytes } from '../../shared/protocol/part-size.ts';

const shape = { height: 28, width: 28, channels: 1 };
const part = (examples: number) => ({
  ...{ sha256: 'a'.repeat(64), bytes: partBytes(shape, examples), examples },
});
const whole: HostedDataset = {
  ...{ kind: 'hosted', name: 'fashion-mnist', shape, classes: 10, partition: { kind: 'iid' } },
  ...{ source: 'Zalando, MIT', train: [part(1_000), part(1_000), part(501)], test: [part(500)] },
};

it('a set that is known by its size has as many parts and examples as the whole one, and is a set for the platform’s checks', () => {
  const bySize = describedBySize(summaryOf(whole));
  expect(hostedDatasetSchema.parse(bySize)).toEqual(bySize);
  const { createdAt: _, bytes: __, ...size } = summaryOf(bySize);
  expect(summaryOf(whole)).toMatchObject(size);
  expect([isBySize(bySize), isBySize(whole)]).toEqual([true, false]);
});
