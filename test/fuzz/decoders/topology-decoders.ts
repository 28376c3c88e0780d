import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { exportModel } from '../../../client/host/export-model.ts';
import { weightPaths, withoutByteOrderMark } from '../../../client/host/model-files.ts';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { buildSegment } from '../../../client/trainer/models/build-segment.ts';
import { readHostModel } from '../../../client/trainer/models/host-model.ts';
import { normaliseLayers } from '../../../client/trainer/models/topology/normalise-graph.ts';
import { readTopology } from '../../../client/trainer/models/topology/read-topology.ts';
import type { ChosenFile } from '../../../client/web/new-run/own-model/chosen-file.ts';
import { readOwnModel } from '../../../client/web/new-run/own-model/read-own-model.ts';
import { describeExported } from '../../../client/web/try/exported/describe-exported.ts';
import { parseJsonBytes } from '../../../shared/math/utf8.ts';
import type { OutlineTensor } from '../../../shared/protocol/model-outline.ts';
import {
  called2,
  called3,
  chain,
  chainWeights,
  conv3,
  dense3,
  flatten,
  functional,
  input3,
  keras3,
  modelFiles,
  sequential3,
} from '../../unit/models/keras-models.ts';
import { CODE_BYTES, type Decoder, JSON_BOUND, OWN_JSON_BOUND } from '../decoder.ts';
import { mutatedJson } from '../mutate-json.ts';

/** The fastest to start. */
registerCpuKernels();
await tf.setBackend('cpu');

const picture = input3([8, 8, 1]);
const logits = dense3('classes', 3, { activation: 'linear' });
const norm = keras3('BatchNormalization', 'norm', { axis: -1, momentum: 0.9, epsilon: 0.001 });

const chosen = (path: string, bytes: Uint8Array): ChosenFile => ({
  ...{ path, bytes: bytes.length, read: async () => bytes },
});

/** A segment as tf.layers writes it: what volunteers get. */
const segment = {
  class_name: 'Sequential',
  config: {
    name: 'segment-1',
    layers: [
      {
        class_name: 'Conv2D',
        config: {
          ...{ name: 'conv', trainable: true, batch_input_shape: [null, 8, 8, 1], dtype: 'float32' },
          ...{
            filters: 2,
            kernel_size: [3, 3],
            strides: [1, 1],
            padding: 'same',
            data_format: 'channels_last',
          },
          ...{ activation: 'relu', use_bias: true, kernel_initializer: { class_name: 'Zeros', config: {} } },
        },
      },
      { class_name: 'Flatten', config: { name: 'flat', trainable: true } },
      { class_name: 'Dense', config: { name: 'dense', units: 3, activation: 'linear', use_bias: true } },
    ],
  },
};

/** What the run's outline says of it. */
const tensors: readonly OutlineTensor[] = [
  { name: 'conv/kernel', shape: [3, 3, 1, 2] },
  { name: 'conv/bias', shape: [2] },
  { name: 'dense/kernel', shape: [128, 3] },
  { name: 'dense/bias', shape: [3] },
];
const outlined = { topologyHash: 'ab', tensors, macs: 8 * 8 * 9 * 2 + 128 * 3, activations: 128 + 128 + 3 };

const graphs = [
  segment,
  chain,
  functional(
    [picture, called3(conv3('a', 2), 'pictures'), called3(flatten, 'a'), called3(logits, 'flatten')],
    'classes',
  ),
  functional([picture, called2(flatten, 'pictures'), called2(logits, 'flatten')], 'classes'),
  sequential3(picture, norm, keras3('ReLU', 'relu', { max_value: 6 }), flatten, logits),
  sequential3(picture, keras3('Sequential', 'inner', { layers: [conv3('b', 2), flatten] }), logits),
];

const brought = modelFiles(chain, chainWeights);
const asJson = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());

const files = [
  'client/trainer/models/topology/raw-model.ts',
  'client/trainer/models/topology/read-calls.ts',
  'client/trainer/models/topology/shapes.ts',
  'client/trainer/models/topology/keras-version.ts',
  'client/trainer/models/topology/prepare-input.ts',
];

export const topologyDecoders: readonly Decoder[] = [
  {
    name: 'topology',
    files,
    inputs: mutatedJson(graphs),
    decode: bytes => {
      const { graph, keras } = readTopology(parseJsonBytes(bytes));
      return normaliseLayers(graph, keras);
    },
    refusals: ['ModelRefusal'],
    most: { eachByte: JSON_BOUND.eachByte, always: CODE_BYTES + 3_000_000 },
  },
  {
    name: 'segment of a run',
    files: ['client/trainer/models/build-segment.ts', 'client/trainer/models/build-graph.ts'],
    inputs: mutatedJson([segment]),
    decode: async topology => (await buildSegment({ ...outlined, topology })).dispose(),
    refusals: ['ModelRefusal'],
    most: { eachByte: 200, always: CODE_BYTES + 10_000_000 },
    share: 20,
  },
  {
    name: 'network of a host',
    files: ['client/trainer/models/host-model.ts', 'client/trainer/models/load-weights.ts'],
    inputs: mutatedJson([asJson(brought.modelJson)]),
    decode: async modelJson => {
      const request = { name: 'brought', inputShape: [8, 8, 1], classes: 3, seed: 1 } as const;
      (await readHostModel(request, { modelJson, weights: brought.weights })).model.dispose();
    },
    refusals: ['ModelRefusal'],
    most: { eachByte: 400, always: CODE_BYTES + 60_000_000 },
    share: 5,
  },
  {
    name: 'files of a network',
    files: ['client/host/model-files.ts', 'client/headless/files/read-model-files.ts'],
    inputs: mutatedJson([asJson(brought.modelJson)]),
    decode: bytes => weightPaths(withoutByteOrderMark(bytes)),
    most: JSON_BOUND,
  },
  {
    name: 'network chosen in the page',
    files: ['client/web/new-run/own-model/read-own-model.ts'],
    inputs: mutatedJson([asJson(brought.modelJson)]),
    decode: bytes =>
      readOwnModel([
        chosen('model.json', bytes),
        ...Object.entries(brought.weights).map(pair => chosen(...pair)),
      ]),
    // In words, with what to do.
    refusals: ['Error'],
    most: OWN_JSON_BOUND,
  },
  {
    name: 'export that is tried',
    files: ['client/web/try/exported/describe-exported.ts', 'client/host/unit-pictures.ts'],
    inputs: mutatedJson([
      asJson(brought.modelJson),
      Object.assign({ packageName: '@teachablemachine/image' }, asJson(brought.modelJson)),
      { labels: ['a', 'b', 'c'], style: null, columns: [] },
    ]),
    decode: bytes => {
      const files = { modelJson: bytes, weights: {} };
      describeExported(files, bytes);
    },
    refusals: ['UnreadableExportError'],
    most: OWN_JSON_BOUND,
  },
  {
    name: 'topology of an export',
    files: ['client/host/export-model.ts', 'client/headless/plan/plan-report.ts'],
    inputs: mutatedJson([segment]),
    decode: bytes => exportModel(bytes, []),
    most: OWN_JSON_BOUND,
  },
];
