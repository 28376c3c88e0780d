import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { buildModel } from '../../../client/trainer/models/build-model.ts';
import { ModelRefusal } from '../../../client/trainer/models/model-graph.ts';
import { runChain, SegmentModels } from '../../../client/trainer/models/segment-models.ts';
import type { SegmentFiles } from '../../../client/trainer/trainer-api.ts';
import { segmentFiles } from '../../support/local-trainer.ts';

interface LayerJson {
  name: string;
  class_name: string;
  config: Record<string, unknown>;
  inbound_nodes: unknown[];
}

interface TopologyJson {
  config: { layers: LayerJson[]; output_layers: unknown[] };
}

let honest: Readonly<Record<string, SegmentFiles>>;
let student: SegmentFiles;

beforeAll(async () => {
  registerCpuKernels();
  await tf.setBackend('cpu');
  honest = segmentFiles(
    await buildModel({ name: 'cnn-tiny', inputShape: [28, 28, 1], classes: 10, seed: 1 }),
  );
  student = honest['segment-1'] ?? never();
});

const wide = 2 ** 26;

/** Brackets within each other. */
const depth = 20_000;

let changes = 0;

/** The student's segment with another topology than its outline was written for. */
function withTopology(change: (json: TopologyJson) => void): SegmentFiles {
  const json = JSON.parse(new TextDecoder().decode(student.topology)) as TopologyJson;
  change(json);
  changes += 1;
  const text = JSON.stringify(json).replace('"nested"', '['.repeat(depth) + ']'.repeat(depth));
  const topology = new TextEncoder().encode(text);
  return { ...student, topologyHash: `changed-${changes}`, topology };
}

const after = (name: string): unknown[] => [[[name, 0, 0, {}]]];

const layerNamed = (json: TopologyJson, name: string): LayerJson =>
  json.config.layers.find(layer => layer.name === name) ?? never();

/** Puts a layer at the end. */
function append(json: TopologyJson, class_name: string, config: Record<string, unknown>): void {
  const last = json.config.layers.at(-1) ?? never();
  const layer = { name: 'own', class_name, config: { name: 'own', ...config } };
  json.config.layers.push({ ...layer, inbound_nodes: after(last.name) });
  json.config.output_layers = [['own', 0, 0]];
}

async function refusal(files: SegmentFiles): Promise<unknown> {
  const models = new SegmentModels();
  const before = tf.memory();
  const thrown = await models.loadAll({ 'segment-1': files }).then(
    () => null,
    (error: unknown) => error,
  );
  models.dispose();
  // No tensor and no byte is left of what was refused.
  expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
  return thrown;
}

describe('a segment of a stranger’s run is refused', () => {
  const cases: [string, (json: TopologyJson) => void, string][] = [
    [
      'whose layers go in a circle, from which tf.layers would never return',
      json => {
        layerNamed(json, 'conv1').inbound_nodes = after('pool1');
      },
      'go in a circle',
    ],
    [
      'with a layer that nothing goes into, from which it would not return either',
      json => {
        layerNamed(json, 'conv1').inbound_nodes = [];
      },
      'nothing goes into layer conv1',
    ],
    [
      'with weights that the outline does not know, a gigabyte of them',
      json => append(json, 'Dense', { units: wide }),
      'weight own/kernel of',
    ],
    [
      'whose weights are larger than the outline says',
      json => Object.assign(layerNamed(json, 'conv1').config, { filters: wide }),
      `has the shape [3 × 3 × 1 × ${wide}], but the run's outline has [`,
    ],
    [
      'with a class of layers that no host may bring',
      json => append(json, 'UpSampling2D', { size: [64, 64] }),
      'layer own is of class UpSampling2D',
    ],
    [
      'that uses more memory than the outline says',
      json => append(json, 'ReLU', {}),
      'activations an example',
    ],
    [
      'that computes more than the outline says',
      json => Object.assign(layerNamed(json, 'conv1').config, { strides: [2, 2] }),
      'multiply-accumulates an example',
    ],
    [
      'that lacks a weight of the outline',
      json => Object.assign(layerNamed(json, 'conv1').config, { use_bias: false }),
      'has no weight conv1/bias',
    ],
    [
      'whose settings are nested deeper than the stack',
      json => Object.assign(layerNamed(json, 'conv1').config, { extra: 'nested' }),
      'nests too deep',
    ],
    [
      'whose values are nested deeper than the stack',
      json => Object.assign(layerNamed(json, 'conv1').config, { filters: 'nested' }),
      'nests too deep',
    ],
    [
      'whose initialiser is nested deeper than the stack',
      json =>
        Object.assign(layerNamed(json, 'conv1').config, {
          kernel_initializer: { class_name: 'Constant', config: { value: 'nested' } },
        }),
      'nests too deep',
    ],
  ];

  it.each(cases)('%s', async (_, change, reason) => {
    const thrown = await refusal(withTopology(change));
    expect(thrown).toBeInstanceOf(ModelRefusal);
    expect(thrown).toHaveProperty('message', expect.stringContaining(reason));
  });

  it('whose topology is not JSON', async () => {
    expect(await refusal({ ...student, topology: new Uint8Array([1]) })).toBeInstanceOf(ModelRefusal);
  });

  it('that was built for another run, whose outline has other costs', async () => {
    const models = new SegmentModels();
    await models.load(student);
    await expect(models.load({ ...student, activations: 1 })).rejects.toThrow('outline has 1');
    await expect(models.blankAll({ a: { ...student, macs: 1 } })).rejects.toThrow('outline has 1');
    models.dispose();
  });
});

describe('the models of segments', () => {
  it('are built of every layer that a host may name with a slash', async () => {
    const json = JSON.parse(new TextDecoder().decode(student.topology).replaceAll('conv1', 'block/conv1'));
    const topology = new TextEncoder().encode(JSON.stringify(json));
    const tensors = student.tensors.map(({ name, shape }) => ({ name: `block/${name}`, shape }));
    const models = new SegmentModels();
    const loaded = await models.blankAll({ a: { ...student, topologyHash: 'slashed', topology, tensors } });
    expect(loaded.a?.model.weights.map(({ originalName }) => originalName)).toEqual(
      tensors.map(({ name }) => name),
    );
    models.dispose();
  });

  it('have no layer that the output does not need', async () => {
    const models = new SegmentModels();
    const { model } = await models.load(
      withTopology(json => {
        const { output_layers } = json.config;
        append(json, 'Dense', { units: wide });
        json.config.output_layers = output_layers;
      }),
    );
    expect(model.layers.map(({ name }) => name)).not.toContain('own');
    models.dispose();
  });

  it('of one lease are all kept while it lasts, even if fewer are kept from lease to lease', async () => {
    const models = new SegmentModels();
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`segment-${i}`, { ...student, topologyHash: `copy-${i}` }]),
    );
    const loaded = await models.loadAll(many);
    const picture = tf.zeros([1, 28, 28, 1]);
    for (const segment of Object.values(loaded))
      expect(tf.tidy(() => runChain([segment], picture).shape)).toEqual([1, 14, 14, 4]);
    await models.loadAll({ 'segment-1': student });
    const isGone = Object.values(loaded).map(({ variables }) => variables[0]?.isDisposed);
    expect(isGone).toEqual([...Array(5).fill(true), ...Array(7).fill(false)]);
    picture.dispose();
    models.dispose();
  });
});

function never(): never {
  throw new Error('missing');
}
