import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHomeroom } from '../support/run-homeroom.ts';
import { usePlatform } from '../support/test-platform.ts';
import {
  bareFile,
  conv3,
  dense3,
  flatten,
  input3,
  keras3,
  sequential3,
} from '../unit/models/keras-models.ts';

type Layer = ReturnType<typeof keras3>;

const platform = usePlatform();
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeroom-brought-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A network for glyphs in a folder of its own, as Keras 3 and the converter write it. */
async function written(name: string, ...layers: readonly Layer[]): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  const files = bareFile(sequential3(...layers));
  await writeFile(join(path, 'model.json'), files.modelJson);
  return path;
}

const picture = input3([28, 28, 1]);
const ends = [conv3('conv', 2, { strides: [3, 3] }), flatten, dense3('classes', 10)];
const flip = keras3('RandomFlip', 'flip', { mode: 'horizontal', seed: null });
const scale = keras3('Rescaling', 'scale', { scale: 1 / 255, offset: 0 });

describe('a network that flips pictures in front', () => {
  const create = (path: string, ...more: readonly string[]) =>
    runHomeroom(['create', '--to', platform.client.origin, '--model', path, '--json', ...more]);

  const augmentOf = async (stdout: string) =>
    (await platform.client.run(JSON.parse(stdout).run)).spec.training.augment;

  it('makes a run that flips them, unless the host says otherwise; what was changed is told', async () => {
    const path = await written('flipped', picture, flip, scale, ...ends);
    const { status, stdout, stderr } = await create(path);
    expect({ status, stderr: stderr.trim().split('\n') }).toEqual({
      status: 0,
      stderr: [
        '1000 training pictures are held back for a referee',
        'layer flip (RandomFlip) left out: it asks the run to flip and crop the pictures that it trains on',
        'layer scale (Rescaling) left out: it is written for pictures in [0, 255], and here they are in [0, 1]',
        'the softmax of layer classes left out: the network is trained and exported with logits as its output',
        expect.stringMatching(
          /^This run is defended .* only while a referee is there\. To be one: HOMEROOM_KEY=[0-9a-f]{64} npx homeroom join --referee "http\S+"$/,
        ),
      ],
    });
    expect(await augmentOf(stdout)).toBe('flip-and-crop');
    const { stdout: asked } = await create(path, '--augment', 'none');
    expect(await augmentOf(asked)).toBe('none');
  });
});

describe('homeroom plan PATH gives the cut or the true reason, in one line', () => {
  const plan = (path: string) => runHomeroom(['plan', path, '--input', '28x28x1', '--classes', '10']);
  const frozen = (layer: Layer): Layer => ({
    ...layer,
    config: { ...(layer.config as object), trainable: false },
  });

  it('a network that can be cut', async () => {
    const { status, stdout } = await plan(await written('plain', picture, ...ends));
    expect(status).toBe(0);
    expect(stdout).toContain('Cut after conv');
  });

  it.each<[string, Layer[], string]>([
    [
      'unknown',
      [picture, keras3('UnitNormalization', 'unit', {}), ...ends],
      'layer unit is of class UnitNormalization',
    ],
    [
      'setting',
      [picture, conv3('first', 2, { sparkle: 1 }), ...ends],
      'layer first (Conv2D) has sparkle = 1: such a setting is not known here',
    ],
    [
      'activation',
      [picture, conv3('first', 2, { activation: 'sparsemax' }), ...ends],
      'layer first has the activation sparsemax, which cannot be trained here',
    ],
    [
      'frozen',
      [picture, frozen(conv3('first', 2)), flatten, dense3('classes', 10)],
      'only layer classes has weights to train',
    ],
    [
      'shape',
      [picture, keras3('Reshape', 'reshape', { target_shape: [784] }), ...ends],
      'layer conv (Conv2D) cannot take 784',
    ],
  ])('%s', async (name, layers, reason) => {
    const { status, stdout, stderr } = await plan(await written(name, ...layers));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(reason);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
