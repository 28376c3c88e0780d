import 'fake-indexeddb/auto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFolderStore } from '../../../client/headless/files/folder-store.ts';
import type { ByteStore } from '../../../client/volunteer/byte-store.ts';
import { IdbStore } from '../../../client/web/volunteering/idb-store.ts';
import { keepsNothing, MemoryStore } from '../../support/memory-store.ts';
import { until } from '../../support/poll.ts';

let folder: string;
let databases = 0;

beforeEach(async () => {
  databases += 1;
  folder = await mkdtemp(join(tmpdir(), 'homeroom-store-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Implementation {
  readonly name: string;
  /** The test's store; opened again, it is the same one. */
  readonly open: (maxBytes?: number) => ByteStore;
  /** One that cannot be opened. */
  readonly openBroken: () => Promise<ByteStore>;
}

const memory: Implementation = {
  name: 'in memory',
  open: maxBytes => new MemoryStore(maxBytes),
  openBroken: async () => keepsNothing,
};

const inFolder: Implementation = {
  name: 'in a folder',
  open: maxBytes => openFolderStore(join(folder, 'store'), maxBytes),
  openBroken: async () => {
    await writeFile(join(folder, 'file'), 'no folder can be made here');
    return openFolderStore(join(folder, 'file', 'store'));
  },
};

const inIndexedDb: Implementation = {
  name: 'in IndexedDB',
  open: maxBytes => new IdbStore(`test-${databases}`, maxBytes),
  openBroken: async () => {
    // A later version of the code has been here.
    (await openDB(`test-${databases}`, 99)).close();
    return new IdbStore(`test-${databases}`);
  },
};

const lasting = [inFolder, inIndexedDb];

/** The clock that this process reads, and the coarser one by which the system dates files. */
async function clocks(): Promise<readonly number[]> {
  const file = join(folder, 'clock');
  await writeFile(file, '');
  return [Date.now(), (await stat(file)).mtimeMs];
}

/** Waits until what is used from now on is dated later than all before. */
async function tick(): Promise<void> {
  const before = await clocks();
  const hasTicked = async () => (await clocks()).every((now, i) => now > (before[i] ?? 0));
  await until(hasTicked, 'a later time');
}

describe.each([memory, ...lasting])('bytes kept $name', ({ open, openBroken }) => {
  test('a name gives back what was put under it, and nothing else', async () => {
    const store = open();
    await store.put('a', Uint8Array.of(1, 2));
    await store.put('empty', new Uint8Array(0));
    expect(await store.get('a')).toEqual(Uint8Array.of(1, 2));
    expect(await store.get('empty')).toEqual(new Uint8Array(0));
    expect(await store.get('b')).toBeUndefined();
  });

  test('what is put again replaces what was there', async () => {
    const store = open();
    await store.put('a', Uint8Array.of(1, 2));
    await store.put('a', Uint8Array.of(3));
    expect(await store.get('a')).toEqual(Uint8Array.of(3));
    expect(await store.size()).toBe(1);
  });

  test('the size is that of all bytes, and clearing ends it', async () => {
    const store = open();
    expect(await store.size()).toBe(0);
    await store.put('a', new Uint8Array(3));
    await store.put('b', new Uint8Array(4));
    expect(await store.size()).toBe(7);
    await store.clear();
    expect(await store.size()).toBe(0);
    expect(await store.get('a')).toBeUndefined();
    await store.put('a', Uint8Array.of(5));
    expect(await store.get('a')).toEqual(Uint8Array.of(5));
  });

  test('beyond the bound goes what was used longest ago', async () => {
    const store = open(100);
    await store.put('used', new Uint8Array(10));
    for (let i = 0; i < 30; i++) {
      await tick();
      await store.put(`blob${i}`, new Uint8Array(10));
      await store.get('used');
    }
    // As much again may lie there until the store looks.
    expect(await store.size()).toBeLessThanOrEqual(200);
    expect(await store.get('used')).toEqual(new Uint8Array(10));
    expect(await store.get('blob29')).toEqual(new Uint8Array(10));
    expect(await store.get('blob0')).toBeUndefined();
  });

  test('many can be put at once while it makes room', async () => {
    const store = open(50);
    const names = Array.from({ length: 200 }, (_, i) => `blob${i}`);
    await Promise.all(names.map(name => store.put(name, new Uint8Array(10))));
    await tick();
    await store.put('last', Uint8Array.of(7));
    expect(await store.get('last')).toEqual(Uint8Array.of(7));
    expect(await store.size()).toBeLessThanOrEqual(100);
  });

  test('a store that cannot be opened keeps nothing and troubles nobody', async () => {
    const store = await openBroken();
    await store.put('a', Uint8Array.of(1));
    expect(await store.get('a')).toBeUndefined();
    expect(await store.size()).toBe(0);
    await store.clear();
  });
});

test.each(lasting)('what was put $name is there when the store is opened again', async ({ open }) => {
  await open().put('a', Uint8Array.of(1, 2));
  expect(await open().get('a')).toEqual(Uint8Array.of(1, 2));
});

test('a write to a folder that was broken off is not read', async () => {
  await inFolder.open().put('a', Uint8Array.of(1));
  await writeFile(join(folder, 'store', 'b.1-1.part'), 'half');
  expect(await inFolder.open().get('b')).toBeUndefined();
});

test('a folder holds nothing else than its entries when all are written', async () => {
  const store = inFolder.open(50);
  await Promise.all(Array.from({ length: 9 }, (_, i) => store.put(`blob${i}`, new Uint8Array(10))));
  await store.put('last', new Uint8Array(50));
  expect(await readdir(join(folder, 'store'))).toEqual(['last']);
});

test('a page is told of each entry that IndexedDB has written', async () => {
  const store = new IdbStore(`test-${databases}`);
  let written = 0;
  store.onWritten = () => {
    written += 1;
  };
  await store.put('a', Uint8Array.of(1));
  await store.put('b', Uint8Array.of(2));
  expect(written).toBe(2);
});
