import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { ChosenFile } from '../../client/web/new-run/own-model/chosen-file.ts';
import { readOwnModel } from '../../client/web/new-run/own-model/read-own-model.ts';
import { encodeUtf8, parseJsonBytes } from '../../shared/math/utf8.ts';

const file = (path: string, text: string | Uint8Array): ChosenFile => {
  const bytes = typeof text === 'string' ? encodeUtf8(text) : text;
  return { path, bytes: bytes.length, read: async () => bytes };
};

const modelJson = (paths: readonly string[] = [], name = 'sequential_1'): string =>
  JSON.stringify({
    modelTopology: { class_name: 'Sequential', config: { name, layers: [] } },
    weightsManifest: [{ paths, weights: [] }],
  });

/** What Teachable Machine exports for TensorFlow.js. */
const machine = {
  'model.json': modelJson(['weights.bin']),
  'weights.bin': 'W',
  'metadata.json': JSON.stringify({ modelName: 'tm-my-image-model', labels: ['cat', 'dog'] }),
};

const zipped = (files: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, encodeUtf8(text)])));

const W = new Uint8Array([87]);

describe('a network chosen in the page', () => {
  it('is read with weights that are found by the last name of their path', async () => {
    const { model, files } = await readOwnModel([
      file('digits.json', modelJson(['deep/a.bin'])),
      file('a.bin', 'W'),
    ]);
    expect(model).toBe('digits');
    expect(files.weights).toEqual({ 'deep/a.bin': W });
  });

  it('gives no file to two paths if nobody can tell which of them was chosen', async () => {
    const chosen = [file('model.json', modelJson(['one/a.bin', 'two/a.bin'])), file('a.bin', 'W')];
    await expect(readOwnModel(chosen)).rejects.toThrow('two files of weights called a.bin');
  });

  it('tells files of one name apart if it was dropped with its folders', async () => {
    const { files } = await readOwnModel([
      file('net/model.json', modelJson(['one/a.bin', 'two/a.bin'])),
      file('net/one/a.bin', 'W'),
      file('net/two/a.bin', 'X'),
    ]);
    expect(files.weights).toEqual({ 'one/a.bin': W, 'two/a.bin': new Uint8Array([88]) });
  });

  it('is a folder of Teachable Machine, named after the folder, with the names of its classes', async () => {
    const chosen = Object.entries(machine).map(([name, text]) => file(`my-pets/${name}`, text));
    const { model, files, notes } = await readOwnModel(chosen);
    expect(model).toBe('my-pets');
    expect(files.weights).toEqual({ 'weights.bin': W });
    expect(notes).toEqual([expect.stringContaining('cat, dog')]);
  });

  it('is a zip of Teachable Machine', async () => {
    const { model, files } = await readOwnModel([file('converted_pets.zip', zipped(machine))]);
    expect(model).toBe('converted_pets');
    expect(files.weights).toEqual({ 'weights.bin': W });
  });

  it('is the layers of a .keras file, and says that its weights are left behind', async () => {
    const keras = {
      'config.json': JSON.stringify({ class_name: 'Sequential', config: { name: 'digits', layers: [] } }),
      'metadata.json': JSON.stringify({ keras_version: '3.5.0' }),
      'model.weights.h5': '\u0089HDF',
    };
    const { model, files, notes } = await readOwnModel([file('best.keras', zipped(keras))]);
    expect(model).toBe('best');
    expect(files.weights).toEqual({});
    expect(parseJsonBytes(files.modelJson)).toMatchObject({
      modelTopology: { keras_version: '3.5.0', model_config: { class_name: 'Sequential' } },
    });
    expect(notes).toEqual([expect.stringContaining('tensorflowjs_converter --input_format=keras_keras')]);
  });

  it.each([
    ['its file', 'letters.json', 'sequential', 'letters'],
    ['its folder if the file is model.json', 'letters/model.json', 'sequential', 'letters'],
    ['itself if its file says nothing', 'model.json', 'letters', 'letters'],
    ['no library’s name for all networks', 'model.json', 'model_3', 'own-network'],
  ])('is named after %s', async (_, path, name, expected) => {
    const { model } = await readOwnModel([file(path, modelJson([], name))]);
    expect(model).toBe(expected);
  });

  it.each([
    ['weights alone', [file('a.bin', 'A')], 'There is no model.json among these files'],
    [
      'a model without its weights',
      [file('model.json', modelJson(['a.bin']))],
      'weights a.bin: choose it too',
    ],
    [
      'two networks',
      [file('a/model.json', modelJson()), file('b/model.json', modelJson())],
      'several networks',
    ],
    ['an older file of Keras', [file('m.h5', '\u0089HDF')], '--input_format=keras FILE.h5 FOLDER'],
    ['a SavedModel', [file('m/saved_model.pb', '')], '--input_format=keras_keras'],
    ['TensorFlow Lite', [file('model.tflite', '')], 'choose Export Model, then TensorFlow.js'],
    ['PyTorch', [file('net.pth', '')], 'Networks of PyTorch and ONNX cannot be read'],
    ['text that is called a zip', [file('net.zip', 'hello')], 'net.zip is no zip'],
    ['a zip that was cut short', [file('net.zip', zipped(machine).slice(0, 60))], 'it is damaged'],
    ['a zip without a network', [file('net.zip', zipped({ 'a.txt': '' }))], 'There is no model.json'],
  ])('says of %s what to do', async (_, files, words) => {
    await expect(readOwnModel(files)).rejects.toThrow(words);
  });

  it('is refused if its zip is encrypted, or its weights are damaged in it', async () => {
    const change = (offset: number, value: number): Uint8Array => {
      const zip = zipped(machine);
      const view = new DataView(zip.buffer, zip.byteOffset);
      for (let at = 0; at < zip.length - 4; at++)
        if (view.getUint32(at, true) === 0x02014b50) view.setUint8(at + offset, value);
      return zip;
    };
    await expect(readOwnModel([file('net.zip', change(8, 1))])).rejects.toThrow(
      'model.json in net.zip cannot be read: it is encrypted',
    );
    await expect(readOwnModel([file('net.zip', change(16, 1))])).rejects.toThrow(
      'net.zip cannot be unpacked',
    );
  });

  it('shows a network of Teachable Machine pictures as that did', async () => {
    const topology = {
      class_name: 'Sequential',
      config: { layers: [{ config: { batch_input_shape: [null, 96, 96, 1] } }] },
    };
    const metadata = { packageName: '@teachablemachine/image', labels: ['cat', 'dog'] };
    const { files } = await readOwnModel([
      file('pets/model.json', JSON.stringify({ modelTopology: topology })),
      file('pets/metadata.json', JSON.stringify(metadata)),
    ]);
    expect(JSON.stringify(parseJsonBytes(files.modelJson))).toContain('"scale":2,"offset":-1');
  });

  it('is not unpacked if it would take more than a browser has', async () => {
    const huge = { ...file('net.zip', zipped(machine)), bytes: 600_000_000 };
    await expect(readOwnModel([huge])).rejects.toThrow('net.zip holds more than 512 MB');
    const bomb = zipped(machine);
    // The central directory says how large each file would be.
    const at = bomb.findLastIndex(
      (byte, i) => byte === 0x50 && bomb[i + 1] === 0x4b && bomb[i + 2] === 0x01 && bomb[i + 3] === 0x02,
    );
    new DataView(bomb.buffer, bomb.byteOffset).setUint32(at + 24, 0x7fffffff, true);
    await expect(readOwnModel([file('net.zip', bomb)])).rejects.toThrow('net.zip holds more than 512 MB');
  });
});
