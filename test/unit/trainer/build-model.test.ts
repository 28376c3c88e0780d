import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CutSegment } from '../../../client/trainer/models/cut-model.ts';
import { cutModel } from '../../../client/trainer/models/cut-model.ts';
import { buildZooModel } from '../../../client/trainer/models/model-zoo.ts';
import { runChain, SegmentModels } from '../../../client/trainer/models/segment-models.ts';
import { graphOf } from '../../../client/trainer/models/topology/read-topology.ts';
import type { BuiltModel, TrainerApi } from '../../../client/trainer/trainer-api.ts';
import {
  modelOutlineSchema,
  parametersOf,
  parametersOfBody,
  segmentById,
} from '../../../shared/protocol/model-outline.ts';
import { segmentFiles, startLocalTrainer } from '../../support/local-trainer.ts';

let trainer: TrainerApi;
let model: BuiltModel;

beforeAll(async () => {
  ({ trainer, model } = await startLocalTrainer());
});

const smallCnn = (seed: number): tfl.LayersModel =>
  buildZooModel({ name: 'cnn', inputShape: [28, 28, 1], classes: 10, seed });

const cutAfter = (cnn: tfl.LayersModel, layer: string): CutSegment[] => cutModel(cnn, graphOf(cnn), [layer]);

describe('a built model', () => {
  it('has the outline of the small CNN: parameters and MACs counted by hand', () => {
    const outline = modelOutlineSchema.parse(model.outline);
    const [student, teacher, head] = ['segment-1', 'segment-2', 'head-1'].map(id => segmentById(outline, id));
    expect(student && parametersOf(student)).toBe(9 * 16 + 16);
    expect(teacher && parametersOf(teacher)).toBe(9 * 16 * 32 + 32 + 1568 * 10 + 10);
    expect(head && parametersOf(head)).toBe(256 * 10 + 10);
    expect(student?.macs).toBe(28 * 28 * 9 * 16);
    expect(teacher?.macs).toBe(14 * 14 * 9 * 16 * 32 + 1568 * 10);
    expect(parametersOfBody(outline)).toBe(20_490);
  });

  it('says what its batch norms observe, and of nothing else that it is a statistic', async () => {
    const request = { name: 'resnext20-8x4-bn', inputShape: [32, 32, 3], classes: 10, seed: 1 } as const;
    const { segments } = modelOutlineSchema.parse((await trainer.build(request)).outline);
    const tensors = segments.flatMap(segment => segment.tensors);
    const observed = tensors.filter(({ statistic }) => statistic !== undefined);
    expect(observed.length).toBeGreaterThan(10);
    for (const { name, statistic } of tensors)
      expect(statistic).toBe(/\/moving_(mean|variance)$/.exec(name)?.[1]);
  });

  it('says which tensors are frozen: those of layers that are not trainable, and no others', async () => {
    const frozen = ['stem', 'norm'];
    const cnn = tfl.sequential({ name: 'brought' });
    cnn.add(
      tfl.layers.conv2d({ name: 'stem', filters: 2, kernelSize: 3, inputShape: [8, 8, 1], trainable: false }),
    );
    cnn.add(tfl.layers.batchNormalization({ name: 'norm', trainable: false }));
    cnn.add(tfl.layers.conv2d({ name: 'conv', filters: 2, kernelSize: 3 }));
    cnn.add(tfl.layers.batchNormalization({ name: 'norm-2' }));
    cnn.add(tfl.layers.flatten());
    cnn.add(tfl.layers.dense({ name: 'logits', units: 3 }));
    const segments = cutAfter(cnn, 'norm-2');
    cnn.dispose();
    for (const { name, frozen: isFrozen } of segments.flatMap(({ tensors }) => tensors))
      expect(isFrozen, name).toBe(frozen.includes(name.split('/')[0] ?? '') ? true : undefined);
  });

  it('is the same for the same seed, and another for another', async () => {
    const request = { name: 'cnn', inputShape: [28, 28, 1], classes: 10 } as const;
    expect((await trainer.build({ ...request, seed: 1 })).shards).toEqual(model.shards);
    expect((await trainer.build({ ...request, seed: 2 })).shards).not.toEqual(model.shards);
  });

  it('is whole again when its segments are chained', async () => {
    const whole = smallCnn(1);
    const models = new SegmentModels();
    const files = segmentFiles(model);
    const chain = [
      await models.load(files['segment-1'] ?? never()),
      await models.load(files['segment-2'] ?? never()),
    ];
    const x = tf.randomUniform([3, 28, 28, 1], 0, 1, 'float32', 7);
    const [given, wanted] = [runChain(chain, x), whole.predict(x) as tf.Tensor];
    expect(Array.from(given.dataSync())).toEqual(Array.from(wanted.dataSync()));
    tf.dispose([x, given, wanted]);
    models.dispose();
    whole.dispose();
  });

  it('cannot be cut after a layer that it has not, and not after the last one', () => {
    const zooModel = smallCnn(1);
    expect(() => cutAfter(zooModel, 'nowhere')).toThrow('cannot be cut after nowhere');
    expect(() => cutAfter(zooModel, 'logits')).toThrow('cannot be cut after logits');
    zooModel.dispose();
  });

  it('keeps its tensors’ names, although tfjs renames them while two models live', () => {
    const [first, second] = [smallCnn(1), smallCnn(2)];
    const names = (cnn: tfl.LayersModel): string[] =>
      cutAfter(cnn, 'pool1').flatMap(({ tensors }) => tensors.map(tensor => tensor.name));
    expect(names(second)).toEqual(names(first));
    first.dispose();
    second.dispose();
  });

  it('says which models there are if none has that name', async () => {
    await expect(
      trainer.build({ name: 'vgg99', inputShape: [28, 28, 1], classes: 10, seed: 1 }),
    ).rejects.toThrow('there is cnn');
  });
});

function never(): never {
  throw new Error('missing');
}
