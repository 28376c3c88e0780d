import { describe, expect, it } from 'vitest';
import { defaultGlyphs, defaultSpec } from '../../../client/host/default-spec.ts';
import { estimateRun, roundSeconds } from '../../../client/host/estimate-run.ts';
import { suitedNetwork, unfitFor } from '../../../client/host/zoo/suited-network.ts';
import { zooOutline } from '../../../client/host/zoo/zoo-outline.ts';
import { networkFor } from '../../../shared/plan/plan-tasks.ts';
import type { HostedDataset } from '../../../shared/protocol/dataset.ts';
import type { ModelOutline, Segment } from '../../../shared/protocol/model-outline.ts';
import { zooNames } from '../../../shared/protocol/model-zoo.ts';
import { type ImageShape, partBytes } from '../../../shared/protocol/part-size.ts';
import { type PlanName, planNames } from '../../../shared/protocol/plan-spec.ts';
import { runSpecSchema } from '../../../shared/protocol/run-spec.ts';

const specWith = (plan: PlanName, rounds = 10) =>
  runSpecSchema.parse({
    ...defaultSpec({ name: 'x', seed: 1, dataset: defaultGlyphs(1), plan, rounds }),
    codec: { name: 'f32' },
  });

const segment = (id: string, numbers: number, macs: number, of?: string): Segment => ({
  ...{ id, kind: of ? 'head' : 'body', ...(of && { of }), topology: '', layers: [] },
  ...{ tensors: [{ name: 'w', shape: [numbers] }], macs, activations: 10 },
});

/** Two segments of 100 and 1,000 weights with 5,000 and 3,000 multiply-accumulates, and a head of 10 with 20. */
const outline: ModelOutline = {
  ...{ name: 'two', inputShape: [28, 28, 1], classes: 10, topology: '' },
  segments: [
    segment('segment-1', 100, 5_000),
    segment('segment-2', 1_000, 3_000),
    segment('head-1', 10, 20, 'segment-1'),
  ],
};

describe('the estimate of a run', () => {
  it('is what its tasks cost: worked out by hand for plain averaging', () => {
    const estimate = estimateRun(specWith('conventional'), outline, false);
    // A lease of 1,000 pictures, three passes; then 4,000 test pictures forward.
    expect(estimate?.roundMacs).toBe(1_000 * 3 * 8_000 + 4_000 * 8_000);
    expect(estimate).toMatchObject({ parameters: 1_100, bytes: 4_400, pictureMacs: 8_000 });
    expect(estimate?.downloadBytes).toBe(4 * 1_100);
    expect(estimate?.uploadBytes).toBeGreaterThanOrEqual(4 * 1_100);
  });

  it('has the updates of the host’s own referee too, if pictures are held back', () => {
    const [alone, refereed] = [false, true].map(is => estimateRun(specWith('conventional'), outline, is));
    expect((refereed?.roundMacs ?? 0) - (alone?.roundMacs ?? 0)).toBe(1_000 * 3 * 8_000);
  });

  it('takes half a second a round even if there is next to nothing to compute', () => {
    expect(roundSeconds({ roundMacs: 3e9 }, 1e9)).toBe(3.5);
    expect(roundSeconds({ roundMacs: 0 }, 1e9)).toBe(0.5);
  });

  it('asks less of a volunteer if the network is shared', () => {
    const shared = estimateRun(specWith('layer-to-layer'), outline, false);
    const whole = estimateRun(specWith('conventional'), outline, false);
    expect(shared?.uploadBytes).toBeLessThan(whole?.uploadBytes ?? 0);
    expect(shared?.memoryBytes[0]).toBeLessThan(whole?.memoryBytes[0] ?? 0);
  });

  it('is of a round, however many rounds there are', () => {
    const [ten, many] = [10, 10_000].map(rounds =>
      estimateRun(specWith('layer-to-layer', rounds), outline, false),
    );
    expect((many?.roundMacs ?? 0) / (ten?.roundMacs ?? 1)).toBeCloseTo(1, 1);
  });

  it.each(planNames)('is there for %s', plan => {
    const spec = specWith(plan);
    const made = zooOutline({
      ...{ name: 'cnn-5', shape: { height: 28, width: 28, channels: 1 }, classes: 10, segments: 3 },
      heads: networkFor(spec.plan).heads,
    });
    const estimate = made && estimateRun(spec, made, false);
    for (const value of [estimate?.roundMacs, estimate?.downloadBytes, estimate?.uploadBytes])
      expect(value).toBeGreaterThan(0);
  });
});

const pictures = (shape: ImageShape, classes = 10, examples = 5_000): HostedDataset => ({
  ...{ kind: 'hosted', name: 'some', shape, classes, partition: { kind: 'iid' } },
  train: [{ sha256: 'a'.repeat(64), bytes: partBytes(shape, examples), examples }],
  test: [{ sha256: 'b'.repeat(64), bytes: partBytes(shape, 10), examples: 10 }],
});
const square = (side: number, channels = 3): ImageShape => ({ height: side, width: side, channels });

describe('the network that suits', () => {
  it.each([
    ['digits', defaultGlyphs(1), 'cnn', 'simple'],
    ['few pictures', pictures(square(28, 1), 10, 500), 'cnn', 'few-pictures'],
    ['small colour pictures', pictures(square(32)), 'cnn-5', 'colour'],
    ['many classes', pictures(square(32), 100), 'resnext20-8x4', 'many-classes'],
    ['large colour pictures', pictures(square(96)), 'cnn-3', 'large'],
  ] as const)('for %s is %#', (_, dataset, name, reason) => {
    expect(suitedNetwork(dataset)).toEqual({ name, reason });
  });

  it('for a table is one that takes tables, and no other is offered', () => {
    const shape = { height: 1, width: 2, channels: 1 };
    const columns = ['a', 'b'].map(name => ({ name, least: 0, most: 1 }));
    const table = { ...pictures(shape, 3), columns };
    expect(suitedNetwork(table)).toEqual({ name: 'mlp', reason: 'table' });
    expect(zooNames.filter(name => unfitFor(name, table) === null)).toEqual(['mlp']);
  });

  it('fits the pictures, however small or large they are', () => {
    for (const side of [1, 2, 3, 4, 5, 6, 7, 8, 20, 45, 128, 224, 500])
      for (const classes of [2, 10, 200])
        for (const channels of [1, 3]) {
          const dataset = pictures(square(side, channels), classes);
          const { name } = suitedNetwork(dataset);
          expect([side, unfitFor(name, dataset)]).toEqual([side, null]);
        }
  });

  it('is in the zoo', () => {
    expect(zooNames).toContain(suitedNetwork(pictures(square(224))).name);
  });
});
