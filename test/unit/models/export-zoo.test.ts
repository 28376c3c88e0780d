import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { writeExport } from '../../../client/headless/files/write-export.ts';
import { exportModel } from '../../../client/host/export-model.ts';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { buildModel } from '../../../client/trainer/models/build-model.ts';
import { SegmentModels } from '../../../client/trainer/models/segment-models.ts';
import type { BuiltModel } from '../../../client/trainer/trainer-api.ts';
import { readShards } from '../../../shared/codec/shard-layout.ts';
import { bodySegments } from '../../../shared/protocol/model-outline.ts';
import { segmentFiles } from '../../support/local-trainer.ts';
import { conv3, dense3, input3, keras3, modelFiles, sequential3 } from './keras-models.ts';

beforeAll(async () => {
  registerCpuKernels();
  await tf.setBackend('cpu');
});

/** Writes the blobs of a built model as the export command does. */
async function exported(built: BuiltModel): Promise<{ folder: string; written: string }> {
  const files = segmentFiles(built);
  const tensors = bodySegments(built.outline).flatMap(({ id, tensors: specs }) => {
    const read = readShards(specs, files[id]?.shards ?? []);
    if (!read.ok) throw new Error(read.reason);
    return read.value;
  });
  const topology = built.blobs.find(({ sha256 }) => sha256 === built.outline.topology)?.bytes;
  const folder = await mkdtemp(join(tmpdir(), 'homeroom-export-'));
  const model = exportModel(topology ?? new Uint8Array(), tensors);
  const metadata = { output: 'logits' } as const;
  return { folder, written: await writeExport(folder, { ...model, warning: null, metadata }) };
}

async function load(folder: string): Promise<tf.LayersModel> {
  const { modelTopology, weightsManifest } = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
  const weightData = new Uint8Array(await readFile(join(folder, 'weights.bin'))).buffer;
  return tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
  );
}

it('a network with layers that tf.layers lacks is exported with them, and its logits are the same', async () => {
  const built = await buildModel({ name: 'resnext20-8x4', inputShape: [12, 12, 1], classes: 10, seed: 1 });
  const segments = new SegmentModels();
  const files = segmentFiles(built);
  const x = tf.randomUniform([2, 12, 12, 1], 0, 1, 'float32', 4);
  let wanted: tf.Tensor = x;
  for (const { id } of bodySegments(built.outline)) {
    const file = files[id];
    if (!file) throw new Error(`no ${id}`);
    wanted = (await segments.load(file)).model.predict(wanted) as tf.Tensor;
  }
  const { folder, written } = await exported(built);
  expect(written).toContain('layers.mjs: register GroupNormalization and GroupedConv2D from it');
  const { registerLayers } = await import(pathToFileURL(join(folder, 'layers.mjs')).href);
  registerLayers(tf);
  const logits = ((await load(folder)).predict(x) as tf.Tensor).dataSync();
  for (const [i, value] of wanted.dataSync().entries()) expect(logits[i]).toBeCloseTo(value, 3);
});

it('a host’s network that adds to channels is exported with the layer that does', async () => {
  const shift = sequential3(
    input3([2, 2, 1]),
    conv3('conv', 2, { activation: 'linear' }),
    keras3('Bias', 'shift', {}),
    keras3('Activation', 'relu', { activation: 'relu' }),
    keras3('GlobalAveragePooling2D', 'mean', {}),
    dense3('classes', 3),
  );
  const files = modelFiles(shift, [
    ['conv/kernel', [3, 3, 1, 2]],
    ['conv/bias', [2]],
    ['shift/bias', [2]],
    ['classes/kernel', [2, 3]],
    ['classes/bias', [3]],
  ]);
  const built = await buildModel({
    name: 'shift',
    files,
    inputShape: [2, 2, 1],
    classes: 3,
    seed: 1,
    segments: 1,
  });
  const { folder, written } = await exported(built);
  expect(written).toContain('layers.mjs: register Bias from it');
  const { registerLayers } = await import(pathToFileURL(join(folder, 'layers.mjs')).href);
  registerLayers(tf);
  // For a black picture, the convolution's biases −0.05 and 0, shifted by 0.05 and 0.1, are 0 and 0.1.
  const logits = ((await load(folder)).predict(tf.zeros([1, 2, 2, 1])) as tf.Tensor).dataSync();
  for (const [i, wanted] of [-0.17, -0.18, -0.125].entries()) expect(logits[i]).toBeCloseTo(wanted, 5);
});

it('a network of stock layers, batch norm among them, is exported without', async () => {
  const built = await buildModel({ name: 'vgg16-quarter-bn', inputShape: [8, 8, 1], classes: 10, seed: 1 });
  const { folder, written } = await exported(built);
  expect(written).toMatch(
    /^model\.json, weights\.bin, model\.safetensors, metadata\.json, (index\.html, )?README\.txt$/,
  );
  expect(await readdir(folder)).not.toContain('layers.mjs');
  expect((await load(folder)).outputShape).toEqual([null, 10]);
});
