import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModelFiles } from '../../../client/headless/files/read-model-files.ts';
import { readOwnModel } from '../../../client/web/new-run/read-own-model.ts';

const modelJson = (...paths: readonly string[]): string =>
  JSON.stringify({ modelTopology: {}, weightsManifest: [{ paths, weights: [] }] });

const folderWith = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'homeroom-model-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
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

  it('reads no file outside its folder', async () => {
    const folder = await folderWith({ 'model.json': modelJson('../secret') });
    await expect(readModelFiles(join(folder, 'model.json'))).rejects.toThrow('weights outside its folder');
  });

  it('says which file is missing', async () => {
    const folder = await folderWith({ 'model.json': modelJson('a.bin') });
    await expect(readModelFiles(join(folder, 'model.json'))).rejects.toThrow('a.bin cannot be read');
  });
});

describe('a network chosen in the page', () => {
  it('is read with weights that are found by the last name of their path', async () => {
    const chosen = [new File([modelJson('deep/a.bin')], 'digits.json'), new File(['A'], 'a.bin')];
    const { model, files } = await readOwnModel(chosen);
    expect(model).toBe('digits');
    expect(files.weights).toEqual({ 'deep/a.bin': new Uint8Array([65]) });
  });

  it('gives no file to two paths: nobody can tell which of them was chosen', async () => {
    const chosen = [new File([modelJson('one/a.bin', 'two/a.bin')], 'model.json'), new File(['A'], 'a.bin')];
    await expect(readOwnModel(chosen)).rejects.toThrow('two files of weights called a.bin');
  });

  it('says what is missing', async () => {
    await expect(readOwnModel([new File(['A'], 'a.bin')])).rejects.toThrow('Choose one model.json');
    await expect(readOwnModel([new File([modelJson('a.bin')], 'model.json')])).rejects.toThrow('a.bin');
  });
});
