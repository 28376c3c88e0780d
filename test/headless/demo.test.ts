import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultGlyphs } from '../../client/host/default-spec.ts';
import { decodeSafetensors } from '../../shared/codec/safetensors.ts';
import { drawGlyphsPart } from '../../shared/datasets/glyphs.ts';
import { boundMs } from '../support/patience.ts';
import { type Ended, runHomeroom } from '../support/run-homeroom.ts';

/**
 * Rounds are buffers: on a loaded machine one may close with fewer updates than it wants, and older ones count in it. So
 * there are more rounds than a quiet machine needs for the target.
 */
const ROUNDS = 10;

let folder: string;
let demo: Ended;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeroom-'));
  demo = await runHomeroom(['demo', '--rounds', String(ROUNDS), '--json', join(folder, 'out.json')]);
}, boundMs(120_000));

afterAll(() => rm(folder, { recursive: true }));

const exportFolder = (): string => /Model\s+(\S+)/.exec(demo.stdout)?.[1] ?? '';

/** A small network of tf.layers with its weights, as its own `save` writes them. @returns the folder */
async function writeOwnNetwork(): Promise<string> {
  const own = join(folder, 'my-net');
  await mkdir(own);
  const { conv2d, dense, flatten } = tf.layers;
  const first = conv2d({
    inputShape: [28, 28, 1],
    filters: 4,
    kernelSize: 3,
    strides: 2,
    activation: 'relu',
  });
  const model = tf.sequential({
    layers: [
      first,
      conv2d({ filters: 4, kernelSize: 3 }),
      flatten(),
      dense({ units: 10, activation: 'softmax' }),
    ],
  });
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      await writeFile(join(own, 'model.json'), JSON.stringify({ modelTopology, weightsManifest }));
      await writeFile(
        join(own, 'weights.bin'),
        new Uint8Array(tf.io.concatenateArrayBuffers([weightData ?? []].flat())),
      );
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  return own;
}

/** Test accuracy by stock tfjs alone, as a stranger would use the export. */
async function accuracyOfExport(): Promise<number> {
  const model = await tf.loadLayersModel({
    load: async () => {
      const { modelTopology, weightsManifest } = JSON.parse(
        await readFile(join(exportFolder(), 'model.json'), 'utf8'),
      );
      const weights = await readFile(join(exportFolder(), weightsManifest[0].paths[0]));
      return {
        modelTopology,
        weightSpecs: weightsManifest[0].weights,
        weightData: new Uint8Array(weights).buffer,
      };
    },
  });
  const { pixels, labels } = drawGlyphsPart({ ...defaultGlyphs(1), examplesPerPart: 1_000 }, 'test', 0);
  const x = tf.tensor4d(
    Float32Array.from(pixels, value => value / 255),
    [labels.length, 28, 28, 1],
  );
  const answers = tf.argMax(model.predict(x) as tf.Tensor, 1).dataSync();
  return labels.reduce((right, label, i) => right + (answers[i] === label ? 1 : 0), 0) / labels.length;
}

describe('npm run demo', () => {
  it('ends with status 0, the target reached, a row a round with both roles and then teachers alone', () => {
    expect(demo.stderr).toBe('');
    expect(demo.status).toBe(0);
    const rows = demo.stdout.split('\n').filter(line => /^ +\d+ +[\d.]+ s/.test(line));
    expect(rows).toHaveLength(ROUNDS);
    expect(rows[0]).toMatch(/[1-9] student, [1-9] teacher/);
    expect(rows.at(-1)).toMatch(/[1-9] teacher/);
    expect(rows.at(-1)).not.toContain('student');
  });

  it('writes its figures, which show fewer bytes than dense exchange both ways', async () => {
    const report = JSON.parse(await readFile(join(folder, 'out.json'), 'utf8'));
    expect(report).toMatchObject({
      target: 0.95,
      rounds: ROUNDS,
      volunteers: 4,
      model: 'cnn',
      plan: 'layer-to-layer',
    });
    expect(report).toMatchObject({ dataset: 'glyphs', seed: 1 });
    const wholeModels = report.denseBytesUp / (4 * 20_490);
    expect(Number.isInteger(wholeModels)).toBe(true);
    expect(wholeModels).toBeGreaterThanOrEqual(ROUNDS);
    expect(report.accuracy).toBeGreaterThanOrEqual(0.95);
    expect(report.bytesUp).toBeLessThan(report.denseBytesUp);
    expect(report.bytesDown).toBeLessThan(report.denseBytesDown);
    expect(report.seconds).toBeGreaterThan(0);
  });

  it('exports a model that stock tfjs loads and that is as good as was said', async () => {
    const report = JSON.parse(await readFile(join(folder, 'out.json'), 'utf8'));
    expect(Math.abs((await accuracyOfExport()) - report.accuracy)).toBeLessThan(0.02);
  });

  it('exports the same weights as safetensors', async () => {
    const file = decodeSafetensors(new Uint8Array(await readFile(join(exportFolder(), 'model.safetensors'))));
    const weights = await readFile(join(exportFolder(), 'weights.bin'));
    const tensors = file.ok ? file.value : [];
    expect(tensors.map(tensor => tensor.name)).toEqual([
      ...['conv1/kernel', 'conv1/bias', 'conv2/kernel', 'conv2/bias', 'logits/kernel', 'logits/bias'],
    ]);
    const bytes = Buffer.concat(tensors.map(({ values }) => Buffer.from(Float32Array.from(values).buffer)));
    expect(bytes.equals(weights)).toBe(true);
  });

  it('ends with status 1 and the reason where the target is missed', async () => {
    const missed = await runHomeroom(['demo', '--rounds', '1', '--volunteers', '2']);
    expect(missed.status).toBe(1);
    expect(missed.stdout).toMatch(/Target missed: [\d.]+ % after 1 round, 95\.0 % were wanted/);
  });

  it('trains a network in three parts, each in its own role', async () => {
    const three = await runHomeroom(['demo', '--rounds', '2', '--volunteers', '3', '--segments', '3']);
    expect(three.stderr).toBe('');
    expect(three.stdout).toMatch(
      /^ +1 .*\d student, \d segment-2, \d teacher.* [\d.]+ \/ [\d.]+ \/ [\d.]+ /m,
    );
    expect(three.stdout).toMatch(/Model +\S+ \(model\.json/);
  });

  it('gives weak devices the early layers and strong ones the whole network, without a plan being named', async () => {
    const { status, stdout } = await runHomeroom(['demo', '--weak', '2', '--rounds', String(ROUNDS)]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/depth-federated, 10 rounds, 4 volunteers/);
    expect(stdout).toMatch(/2 of 4 volunteers have [\d.]+ MB of memory/);
    const rows = stdout.split('\n').filter(line => /^ +\d+ +[\d.]+ s/.test(line));
    expect(rows).toHaveLength(ROUNDS);
    expect(rows[0]).toMatch(/\d student, \d whole/);
  });

  it('refuses weak devices under a plan by which all need the same', async () => {
    const ended = await runHomeroom(['demo', '--weak', '1', '--plan', 'conventional', '--rounds', '1']);
    expect(ended.status).toBe(2);
    expect(ended.stderr).toMatch(/--weak wants a plan with a task that needs less memory.*conventional/);
  });

  it('trains a network of the user’s own, from the folder of its model.json, and exports it', async () => {
    const own = await writeOwnNetwork();
    const trained = await runHomeroom(['demo', '--model', own, '--rounds', '1', '--volunteers', '2']);
    expect(trained.stderr).toBe('');
    expect(trained.stdout).toMatch(/the softmax of layer \S+ left out/);
    expect(trained.stdout).toMatch(/Run \w+: my-net on glyphs/);
    expect(trained.stdout).toMatch(/Model +\S+ \(model\.json/);
  });

  it('exports nothing of the control whose network was never trained to its end, and says why', async () => {
    const control = await runHomeroom([
      'demo',
      '--rounds',
      '1',
      '--volunteers',
      '1',
      '--plan',
      'student-alone',
    ]);
    expect(control.stdout).toMatch(/Model +nothing to export: student-alone never trains segment-2/);
    expect(control.stdout).not.toContain('model.json');
  });

  it('stops cleanly on Ctrl-C with status 130', async () => {
    const stopped = await runHomeroom(['demo'], { interruptOn: /layer-to-layer, 12 rounds/ });
    expect(stopped.status).toBe(130);
    expect(stopped.stderr).toBe('');
    expect(stopped.stdout).toContain('Stopped.');
  });
});
