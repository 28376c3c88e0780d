import '@tensorflow/tfjs-backend-cpu';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../client/headless/package-root.ts';
import { mostZooSegments, zooOutline } from '../../../client/host/zoo/zoo-outline.ts';
import { leastSideOf } from '../../../client/host/zoo/zoo-places.ts';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { buildModel } from '../../../client/trainer/models/build-model.ts';
import type { HeadStyle } from '../../../shared/protocol/head-style.ts';
import {
  bodySegments,
  headOf,
  type ModelOutline,
  parametersOf,
} from '../../../shared/protocol/model-outline.ts';
import { zooEntries, zooNames } from '../../../shared/protocol/model-zoo.ts';
import { zooCosts } from '../../support/measure-zoo.ts';

beforeAll(async () => {
  registerCpuKernels();
  await tf.setBackend('cpu');
});

interface Case {
  readonly name: string;
  readonly side?: number;
  readonly channels?: number;
  readonly classes?: number;
  readonly segments?: number;
  readonly heads?: HeadStyle;
}

async function both({
  name,
  side = 32,
  channels = 3,
  classes = 10,
  segments = 2,
  heads = 'linear',
}: Case): Promise<[worked: ModelOutline | null, built: ModelOutline]> {
  const shape = { height: side, width: side, channels };
  const inputShape = [side, side, channels] as const;
  const { outline } = await buildModel({ name, inputShape, classes, segments, heads, seed: 1 });
  return [zooOutline({ name, shape, classes, segments, heads }), outline];
}

const bodyCosts = (outline: ModelOutline | null) =>
  outline &&
  bodySegments(outline).map(segment => ({
    id: segment.id,
    parameters: parametersOf(segment),
    macs: segment.macs,
  }));

const headParameters = (outline: ModelOutline): number => {
  const head = headOf(outline, 'segment-1');
  return head ? parametersOf(head) : 0;
};

describe('the costs of the zoo that the form shows', () => {
  it('are those that the networks have now: if not, run node test/bench/zoo-costs.ts', async () => {
    const kept = await readFile(join(packageRoot, 'client/host/zoo/zoo-costs.json'), 'utf8');
    expect(JSON.parse(kept)).toEqual(zooCosts());
  });

  it('name each network of the zoo', () => {
    expect(zooNames.filter(name => !Number.isFinite(leastSideOf(name)))).toEqual([]);
  });

  const small = zooNames.filter(name => !name.startsWith('resnext29') && name !== 'vgg16');

  it.each(small)('%s costs, segment by segment, what the trainer builds', async name => {
    const [worked, built] = await both({ name });
    expect(bodyCosts(worked)).toEqual(bodyCosts(built));
  });

  it.each(small)('%s costs the same for grey pictures of 28 × 28 in 47 classes', async name => {
    const [worked, built] = await both({ name, side: 28, channels: 1, classes: 47 });
    expect(bodyCosts(worked)).toEqual(bodyCosts(built));
  });

  it.each(['cnn', 'cnn-3', 'cnn-5'])('%s costs the same for pictures of 64 × 64', async name => {
    const [worked, built] = await both({ name, side: 64 });
    expect(bodyCosts(worked)).toEqual(bodyCosts(built));
  });

  it('of dense layers are those of a table’s columns too', async () => {
    const shape = { height: 1, width: 4, channels: 1 };
    const request = { name: 'mlp', classes: 3, segments: 2, heads: 'linear' } as const;
    const { outline } = await buildModel({ ...request, inputShape: [1, 4, 1], seed: 1 });
    expect(bodyCosts(zooOutline({ ...request, shape }))).toEqual(bodyCosts(outline));
  });

  it('are within a tenth for pictures whose side is no multiple of a measured one', async () => {
    for (const side of [20, 45, 50]) {
      const [worked, built] = await both({ name: 'cnn-5', side });
      const sum = (outline: ModelOutline | null): number =>
        (bodyCosts(outline) ?? []).reduce((all, { macs }) => all + macs, 0);
      expect(Math.abs(sum(worked) / sum(built) - 1)).toBeLessThan(0.1);
    }
  });

  it.each(['linear', 'convolutional', 'dense'] as const)('know what a %s head costs', async heads => {
    const [worked, built] = await both({ name: 'cnn-5', heads });
    expect(worked && headParameters(worked)).toBe(headParameters(built));
  });

  it('cut a network into as many segments as the trainer does, and no more', async () => {
    const shape = { height: 28, width: 28, channels: 1 };
    const most = mostZooSegments('cnn', shape, 10);
    const [worked, built] = await both({ name: 'cnn', side: 28, channels: 1, segments: most });
    expect(bodyCosts(worked)).toEqual(bodyCosts(built));
    await expect(both({ name: 'cnn', side: 28, channels: 1, segments: most + 1 })).rejects.toThrow(
      `at most ${most} segments`,
    );
    expect(zooOutline({ name: 'cnn', shape, classes: 10, segments: most + 1, heads: 'linear' })).toBeNull();
  });

  it('offer no network that such small pictures do not pass', async () => {
    for (const { name } of zooEntries.filter(entry => entry.norm === 'group')) {
      const side = leastSideOf(name) - 1;
      const shape = { height: side, width: side, channels: 3 };
      expect(zooOutline({ name, shape, classes: 10, segments: 2, heads: 'linear' })).toBeNull();
    }
  });
});
