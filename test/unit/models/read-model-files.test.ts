import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModelFiles } from '../../../client/headless/files/read-model-files.ts';

const modelJson = (...paths: readonly string[]): string =>
  JSON.stringify({ modelTopology: {}, weightsManifest: [{ paths, weights: [] }] });

const folderWith = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'homeroom-model-'));
  for (const [name, text] of Object.entries(files))
    await writeFile(join(folder, name), text, name.includes('.h5') ? 'latin1' : 'utf8');
  return folder;
};

describe('a network on disk', () => {
  it('is read with the weights beside it, and named after its folder', async () => {
    const folder = await folderWith({
      'model.json': modelJson('a.bin', 'b.bin'),
      'a.bin': 'A',
      'b.bin': 'B',
    });
    const { name, files } = await readModelFiles(join(folder, 'model.json'));
    expect(name).toBe(basename(folder));
    expect(files.weights).toEqual({ 'a.bin': new Uint8Array([65]), 'b.bin': new Uint8Array([66]) });
  });

  it('is read from its folder, and with a byte order mark', async () => {
    const folder = await folderWith({ 'model.json': `\ufeff${modelJson('a.bin')}`, 'a.bin': 'A' });
    const { name, files } = await readModelFiles(folder);
    expect(name).toBe(basename(folder));
    expect(new TextDecoder().decode(files.modelJson)).toBe(modelJson('a.bin'));
    expect(files.weights).toEqual({ 'a.bin': new Uint8Array([65]) });
  });

  it.each([
    ['a folder without it', {}, '', 'has no model.json'],
    ['a SavedModel', { 'saved_model.pb': '' }, '', 'holds a SavedModel: convert it'],
    ['a file of Keras', { 'm.h5': '\u0089HDF' }, 'm.h5', 'is a Keras file (HDF5): convert it'],
    [
      'a newer file of Keras',
      { 'm.keras': 'PK\x03\x04' },
      'm.keras',
      'which Keras saves as .keras: convert it',
    ],
    ['text', { 'model.json': 'hello' }, 'model.json', 'is not JSON, as a model.json is'],
    ['nothing', { 'model.json': '' }, 'model.json', 'is empty'],
    ['a path that leads nowhere', {}, 'net/model.json', 'model.json cannot be read: it is not there'],
    ['a path through a file', { net: '' }, 'net/model.json', 'a part of its path is a file'],
  ])('is not %s', async (_, files, path, words) => {
    const folder = await folderWith(files);
    await expect(readModelFiles(join(folder, path))).rejects.toThrow(words);
  });

  it('has no folder in the place of its weights', async () => {
    const folder = await folderWith({ 'model.json': modelJson('a.bin') });
    await mkdir(join(folder, 'a.bin'));
    await expect(readModelFiles(folder)).rejects.toThrow('a.bin cannot be read: it is a folder, not a file');
  });

  it('reads no file outside its folder', async () => {
    const folder = await folderWith({ 'model.json': modelJson('../secret') });
    await expect(readModelFiles(join(folder, 'model.json'))).rejects.toThrow('weights outside its folder');
  });

  it('says which file is missing', async () => {
    const folder = await folderWith({ 'model.json': modelJson('a.bin') });
    await expect(readModelFiles(join(folder, 'model.json'))).rejects.toThrow('a.bin cannot be read');
  });
});
