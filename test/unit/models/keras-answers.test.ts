import '@tensorflow/tfjs-backend-cpu';
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { buildGraph } from '../../../client/trainer/models/build-graph.ts';
import { loadWeights } from '../../../client/trainer/models/load-weights.ts';
import { ModelRefusal } from '../../../client/trainer/models/model-graph.ts';
import { normaliseLayers } from '../../../client/trainer/models/topology/normalise-graph.ts';
import { prepareInput } from '../../../client/trainer/models/topology/prepare-input.ts';
import { readTopology } from '../../../client/trainer/models/topology/read-topology.ts';

/**
 * What tf-keras 2.21 and Keras 3.15 wrote and answered for a layer with these settings, in inference. They were run once. A
 * row is a layer's configuration with every key, the names and shapes of its weights, and the answer. Inputs and weights
 * are waves that `wave` makes again.
 */
interface Row {
  readonly keras: 2 | 3;
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly shape: readonly number[];
  readonly weights: readonly (readonly [name: string, shape: number[]])[];
  readonly outputShape: readonly number[];
  readonly answers: readonly number[];
}

const rowsOf = (keras: 2 | 3): Row[] =>
  readFileSync(new URL(`keras-answers/keras-${keras}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

const wave = (count: number, step: number, start: number, scale: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => scale * Math.sin(step * (i + 1) + start));

/** As the rows were made: around 0, or around 0.7 where a weight scales. */
function weightValues(name: string, shape: readonly number[], index: number): Float32Array {
  const around = /var|gamma/.test(name) ? 0.7 : 0;
  return wave(sizeOf(shape), 0.73, index, 0.3).map(value => value + around);
}

/** The layer alone behind an input, as its Keras writes it. */
const topologyOf = ({ keras, className, config, shape }: Row): unknown => {
  const input = { batch_input_shape: [null, ...shape], name: 'input', dtype: 'float32' };
  const layers = [
    { class_name: 'InputLayer', config: input },
    { class_name: className, config },
  ];
  return {
    keras_version: `${keras}.15.0`,
    model_config: { class_name: 'Sequential', config: { name: 'one', layers } },
  };
};

/** What our network answers. @throws ModelRefusal if the layer is refused */
async function answersOf(row: Row): Promise<{ shape: number[]; values: number[] }> {
  const read = readTopology(topologyOf(row));
  const isPicture = row.shape.length === 3;
  const { graph } = isPicture ? prepareInput(read.graph, row.shape, row.keras) : read;
  const normalised = normaliseLayers(graph, row.keras).graph;
  // A volunteer reads a segment again, as tf.layers means it.
  expect(normaliseLayers(normalised, 2).graph).toEqual(normalised);
  const model = await buildGraph(normalised);
  const values = row.weights.map(([name, shape], i) => weightValues(name, shape, i));
  const specs = row.weights.map(([name, shape]) => ({ name, shape, dtype: 'float32' as const }));
  const bytes = new Uint8Array(Float32Array.from(values.flatMap(value => [...value])).buffer);
  loadWeights(model, [{ paths: ['weights'], weights: specs }], { weights: bytes });
  const x = tf.tensor(wave(sizeOf(row.shape), 0.37, 0, 2), [1, ...row.shape]);
  const y = model.predict(x) as tf.Tensor;
  const answers = { shape: y.shape.slice(1), values: [...y.dataSync()] };
  tf.dispose([x, y]);
  model.dispose();
  return answers;
}

/** The class, and the setting if it is one that cannot be followed; null if the answer is Keras's. */
async function refusedFor(row: Row): Promise<string | null> {
  const answers = await answersOf(row).catch((error: unknown) => error);
  if (answers instanceof ModelRefusal) {
    const setting = /^layer \S+ (?:\(\w+\) )?has (?:the )?(.+?)[:,] /.exec(answers.message)?.[1];
    return setting === undefined ? row.className : `${row.className}: ${setting}`;
  }
  if (answers instanceof Error)
    throw new Error(`${row.className} ${JSON.stringify(row.config)}`, { cause: answers });
  const { shape, values } = answers as Awaited<ReturnType<typeof answersOf>>;
  const what = `${row.className} ${JSON.stringify(row.config)}`;
  expect(shape, what).toEqual(row.outputShape);
  for (const [i, value] of values.entries())
    expect(Math.abs(value - (row.answers[i] ?? Number.NaN)), `${what}, number ${i}`).toBeLessThan(2e-5);
  return null;
}

beforeAll(async () => {
  registerCpuKernels();
  await tf.setBackend('cpu');
});

/** What cannot be followed, of both. */
const both = [
  'Activation: activation exponential',
  'Conv2D: data_format = "channels_first"',
  'Conv2D: dilation_rate = [2,2]',
  'Conv2DTranspose',
  'Dense: activation exponential',
  'DepthwiseConv2D: dilation_rate = [2,2]',
  'ELU: alpha = 0.5',
  'EinsumDense',
  'Flatten: data_format = "channels_first"',
  'GlobalAveragePooling2D: data_format = "channels_first"',
  'Masking',
  'MaxPooling2D: data_format = "channels_first"',
  'Normalization: axis = []',
  'Normalization: invert = true',
  'RandomCrop',
  'ReLU: threshold = 0.5',
  'RepeatVector',
  'Resizing: crop_to_aspect_ratio = true',
  'SeparableConv2D: dilation_rate = [2,2]',
  'Softmax: axis = [1,2]',
  'UnitNormalization',
  'UpSampling2D',
];
const refusals = {
  2: [
    ...both,
    'ReLU: threshold = 0.30000001192092896',
    'ThresholdedReLU',
    'BatchNormalization: axis = [1,3]',
  ],
  3: [
    ...both,
    'ReLU: threshold = 0.3',
    ...['glu', 'hard_shrink', 'soft_shrink', 'sparse_plus', 'sparse_sigmoid', 'sparsemax', 'squareplus'].map(
      name => `Activation: activation ${name}`,
    ),
    'AdaptiveAveragePooling2D',
    'BatchNormalization: renorm = true',
    'LayerNormalization: rms_scaling = true',
    'RMSNormalization',
    'Resizing: antialias = true',
    'Resizing: pad_to_aspect_ratio = true',
  ],
} as const;

describe('a layer that Keras wrote answers as Keras does, or is refused by name', () => {
  it.each([2, 3] as const)('Keras %s', async keras => {
    const refused = new Set<string>();
    for (const row of rowsOf(keras)) {
      const reason = await refusedFor(row);
      if (reason !== null) refused.add(reason);
    }
    expect([...refused].toSorted()).toEqual(refusals[keras].toSorted());
  });
});
