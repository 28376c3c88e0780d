import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDataset } from '../../support/read-dataset.ts';
import { cifarSet, type Files, idxLabels, idxSet } from './dataset-files.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'homeroom-data-'));
});
afterAll(() => rm(root, { recursive: true }));

/** A new folder with these files. */
async function folderWith(files: Files): Promise<string> {
  const folder = await mkdtemp(join(root, 'set-'));
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return folder;
}

const LABELS = 'train-labels-idx1-ubyte';

/** A folder that is whole but for one file, and the place of that file. */
async function folderWithout(name = LABELS): Promise<readonly [folder: string, place: string]> {
  const folder = await folderWith(idxSet([0, 1, 2]));
  await rm(join(folder, name));
  return [folder, join(folder, name)];
}

/** Root may open everything, and Windows has no such permissions. */
const hasPermissions = process.getuid !== undefined && process.getuid() !== 0;

describe('a folder on disk', () => {
  it('is read with its packed and its unpacked files, and called after itself', async () => {
    const files = idxSet([0, 1, 2]);
    const folder = await folderWith({ ...files, [`${LABELS}.gz`]: gzipSync(files[LABELS] as Uint8Array) });
    const { name, train, notes } = await readDataset(folder);
    expect(folder).toContain(name);
    expect([...train.labels]).toEqual([0, 1, 2]);
    expect(notes).toEqual([`${LABELS}.gz holds the same as ${LABELS}: it is read once`]);
  });

  it('may hold a file that a browser has unpacked, and one that is packed but not called so', async () => {
    const [folder, place] = await folderWithout();
    await writeFile(`${place}.gz`, idxLabels([0, 1, 2]));
    expect([...(await readDataset(folder)).train.labels]).toEqual([0, 1, 2]);
    await rm(`${place}.gz`);
    await writeFile(place, gzipSync(idxLabels([2, 1, 0])));
    expect([...(await readDataset(folder)).train.labels]).toEqual([2, 1, 0]);
  });

  it('may hold links to files, and have the files in a folder of its own', async () => {
    const [folder, place] = await folderWithout();
    await symlink(join(await folderWith(idxSet([0, 1, 2])), LABELS), place);
    expect([...(await readDataset(folder)).train.labels]).toEqual([0, 1, 2]);
    const outer = await mkdtemp(join(root, 'outer-'));
    await symlink(folder, join(outer, 'inner'));
    expect((await readDataset(outer)).notes).toEqual(['the files are read from the folder inner below']);
  });

  it('may lie beside folders that nobody may open, and have a hidden one', async () => {
    const folder = await folderWith({ ...cifarSet([1]), '.cache/data_batch_2.bin': Uint8Array.of(1) });
    await mkdir(join(folder, 'closed'), { mode: 0 });
    expect((await readDataset(folder)).train.labels).toHaveLength(2);
  });

  it.each([
    ['a folder', (path: string) => mkdir(path), 'it is a folder, not a file'],
    ['a link to nothing', (path: string) => symlink('nowhere', path), 'it is a link to what is not there'],
    ['a link to itself', (path: string) => symlink(path, path), 'it is a link to what is not there'],
    ['a link to a folder', (path: string) => symlink('.', path), 'it is a folder, not a file'],
  ])('is refused if in a file’s place is %s', async (_, make, words) => {
    const [folder, place] = await folderWithout();
    await make(place);
    await expect(readDataset(folder)).rejects.toThrow(`${LABELS} cannot be read: ${words}`);
  });

  it.skipIf(process.platform === 'win32')(
    'is refused, not waited for, if in a file’s place is a pipe',
    async () => {
      const [folder, place] = await folderWithout();
      execFileSync('mkfifo', [place]);
      await expect(readDataset(folder)).rejects.toThrow(`${LABELS} cannot be read: it is a pipe or a device`);
    },
  );

  it.runIf(hasPermissions)('is refused if a file may not be opened', async () => {
    const [folder, place] = await folderWithout();
    await writeFile(place, idxLabels([0, 1, 2]));
    await chmod(place, 0);
    await expect(readDataset(folder)).rejects.toThrow(`${LABELS} cannot be read: you lack the permission`);
  });
});

describe('what is no folder of a data set', () => {
  it.each([
    ['nothing', 'nowhere', 'there is no folder or file'],
    [
      'one file of four',
      LABELS,
      'lacks train-images-idx3-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte',
    ],
    ['a path through a file', `${LABELS}/below`, 'a part of its path is a file, not a folder'],
  ])('is refused in a line: %s', async (_, path, words) => {
    const folder = await folderWith(idxSet([0, 1]));
    await expect(readDataset(join(folder, path))).rejects.toThrow(words.replace('’', "'"));
  });

  it('is refused under a name that cannot be listed', async () => {
    const folder = await folderWith(idxSet([0, 1]));
    await expect(readDataset(folder, 'glyphs')).rejects.toThrow('glyphs is a built-in data set');
    await expect(readDataset(folder, 'x'.repeat(65))).rejects.toThrow('has 65: give it one with --name');
    await expect(readDataset(folder, 'Glyphs')).rejects.toThrow('glyphs is a built-in data set');
    for (const name of ['a\nb', 'a\x1b[31m', 'a\0', 'a\u2028b'])
      await expect(readDataset(folder, name)).rejects.toThrow('is one line without control characters');
    await expect(readDataset(folder, ' ')).rejects.toThrow('1 to 64 characters');
  });
});
