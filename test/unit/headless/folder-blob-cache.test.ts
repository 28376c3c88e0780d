import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFolderCache } from '../../../client/headless/files/folder-blob-cache.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeroom-cache-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const later = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 20));

test('a folder cache gives back what was put, and nothing else', async () => {
  const cache = openFolderCache(folder);
  await cache.put('a', Uint8Array.of(1, 2));
  expect(await cache.get('a')).toEqual(Uint8Array.of(1, 2));
  expect(await cache.get('b')).toBeUndefined();
  expect(await cache.size()).toBe(2);
  await cache.clear();
  expect(await cache.get('a')).toBeUndefined();
});

test('a folder cache lets go of what was not used longest', async () => {
  const cache = openFolderCache(folder, 25);
  for (const name of ['a', 'b']) {
    await cache.put(name, new Uint8Array(10));
    await later();
  }
  await cache.get('a');
  await later();
  await cache.put('c', new Uint8Array(10));
  expect((await readdir(folder)).toSorted()).toEqual(['a', 'c']);
});

test('a folder cache takes many blobs at once while it prunes', async () => {
  const cache = openFolderCache(folder, 50);
  const names = Array.from({ length: 200 }, (_, i) => `blob${i}`);
  await Promise.all(names.map(name => cache.put(name, new Uint8Array(10))));
  await cache.put('last', new Uint8Array(50));
  expect(await readdir(folder)).toEqual(['last']);
});
