import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { crossings } from '../../../client/trainer/models/graph-cuts.ts';
import { layerMacs, outputElements } from '../../../client/trainer/models/layer-cost.ts';
import { buildZooModel } from '../../../client/trainer/models/model-zoo.ts';
import { graphOf } from '../../../client/trainer/models/topology/read-topology.ts';
import { zooNames } from '../../../shared/protocol/model-zoo.ts';

beforeAll(async () => {
  registerCpuKernels();
  await tf.setBackend('cpu');
});

type Size = readonly [number, number, number];
const cifar: Size = [32, 32, 3];
const mnist: Size = [28, 28, 1];

/** In millions, and the shares of the student in per cent, as in shared/plan/README.md, "Where to cut"; null if not there. */
interface Figures {
  readonly name: string;
  readonly parameters: string;
  readonly macs: string;
  /** The layer after which the table cuts. */
  readonly cut: string;
  readonly shares: readonly [parameters: string, macs: string, activations: string] | null;
}

const published: readonly Figures[] = [
  { name: 'vgg16-bn', parameters: '14.73', macs: '313', cut: 'pool3', shares: ['11.8', '60.8', '89.0'] },
  { name: 'vgg16', parameters: '14.73', macs: '313', cut: 'pool3', shares: ['11.8', '60.8', '89.0'] },
  { name: 'vgg16-quarter', parameters: '0.92', macs: '19.9', cut: 'pool3', shares: null },
  {
    name: 'resnext29-8x64',
    parameters: '34.43',
    macs: '5390',
    cut: 'stage2-block3-relu',
    shares: ['23.7', '65.1', '83.2'],
  },
  {
    name: 'resnext29-32x4',
    parameters: '4.78',
    macs: '774',
    cut: 'stage2-block3-relu',
    shares: ['23.5', '63.5', '84.4'],
  },
  {
    name: 'resnext29-8x4',
    parameters: '0.735',
    macs: '119',
    cut: 'stage1-block3-relu',
    shares: ['5.1', '30.8', '56.1'],
  },
  { name: 'resnext20-8x4', parameters: '0.25', macs: '10.6', cut: 'stage2-block2-relu', shares: null },
  {
    name: 'densenet-100-12',
    parameters: '0.769',
    macs: '288',
    cut: 'transition1-pool',
    shares: ['26.0', '69.2', '69.6'],
  },
  {
    name: 'densenet-40-12',
    parameters: '0.176',
    macs: '72',
    cut: 'transition1-pool',
    shares: ['30.3', '73.5', '73.7'],
  },
  { name: 'densenet-28-12', parameters: '0.10', macs: '10.9', cut: 'transition1-pool', shares: null },
  { name: 'cnn-3', parameters: '0.034', macs: '2.8', cut: 'pool1', shares: ['1.4', '15.7', '56.2'] },
  { name: 'cnn-4', parameters: '0.195', macs: '6.3', cut: 'pool2', shares: ['2.6', '25.6', '70.1'] },
  { name: 'cnn-5', parameters: '0.141', macs: '29', cut: 'pool2', shares: ['46.6', '83.8', '91.9'] },
];

describe('the zoo has the parameters and costs of the published networks, and their shares before the cut', () => {
  it.each(published)(
    '$name: $parameters M parameters, $macs M MACs',
    ({ name, parameters, macs, cut, shares }) => {
      const model = buildZooModel({ name, inputShape: cifar, classes: 10, seed: 1 });
      const graph = graphOf(model);
      const place = crossings(graph).find(({ after }) => after === cut)?.place ?? -1;
      const student = new Set(graph.layers.slice(0, place + 1).map(({ name }) => name));
      const total = (cost: Cost): number => sum(model.layers, cost);
      const share = (cost: Cost): number =>
        (100 *
          sum(
            model.layers.filter(layer => student.has(layer.name)),
            cost,
          )) /
        total(cost);
      expect(rounded(total(trainableParameters) / 1e6, parameters)).toBe(parameters);
      // ResNeXt's figure is given as 5.39 G.
      expect(rounded(total(layerMacs) / 1e6, macs)).toBe(macs);
      if (shares)
        expect([trainableParameters, layerMacs, heldActivations].map(cost => share(cost).toFixed(1))).toEqual(
          shares,
        );
      model.dispose();
    },
  );
});

type Cost = (layer: tfl.layers.Layer) => number;

const sum = (layers: readonly tfl.layers.Layer[], cost: Cost): number =>
  layers.reduce((total, layer) => total + cost(layer), 0);

const trainableParameters: Cost = layer =>
  layer.trainableWeights.reduce(
    (total, { shape }) => total + shape.reduce<number>((a, b) => a * (b ?? 1), 1),
    0,
  );

/**
 * Counted as in the tables: there ReLU, sums and concatenations are done in place, which tfjs does not do, and
 * pictures are already standardised.
 */
const inPlace = new Set([
  ...['Activation', 'Add', 'Concatenate', 'InputLayer', 'GlobalAveragePooling2D'],
  'Rescaling',
]);
const heldActivations: Cost = layer => (inPlace.has(layer.getClassName()) ? 0 : outputElements(layer));

/** Rounded to as many digits as the wanted figure has. */
function rounded(value: number, wanted: string): string {
  const digits = wanted.split('.')[1]?.length ?? 0;
  return (wanted.length > 3 && digits === 0 ? 10 * Math.round(value / 10) : value).toFixed(digits);
}

describe('every model of the zoo', () => {
  const light = zooNames.filter(name => !/8x64|vgg16(-bn)?$|32x4/.test(name));

  it.each(light)(
    '%s makes ten logits of pictures of 28 × 28 × 1, and is the same for the same seed',
    name => {
      const [first, second, other] = [1, 1, 2].map(seed => {
        const model = buildZooModel({ name, inputShape: mnist, classes: 10, seed });
        const sample = model.getWeights()[0]?.dataSync().slice(0, 20) ?? [];
        expect(model.outputShape).toEqual([null, 10]);
        model.dispose();
        return Array.from(sample);
      });
      expect(second).toEqual(first);
      expect(other).not.toEqual(first);
    },
  );
});
