import 'fake-indexeddb/auto';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openFolderOutbox } from '../../../client/headless/files/folder-outbox.ts';
import { packageRoot } from '../../../client/headless/package-root.ts';
import type { OutboxStore } from '../../../client/volunteer/outbox/outbox-store.ts';
import { IdbOutbox } from '../../../client/web/volunteering/idb-outbox.ts';
import { sha256Hex } from '../../../shared/math/sha256.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';

let folder: string;
let memory: MemoryOutbox;
let databases = 0;

beforeEach(async () => {
  databases += 1;
  memory = new MemoryOutbox();
  folder = await mkdtemp(join(tmpdir(), 'homeroom-outbox-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const nameOf = (number: number): string => sha256Hex(Uint8Array.of(number));
/** By older releases, and by this one. */
const [a, b] = [nameOf(1), `${nameOf(2)}-abc123`];

interface Implementation {
  readonly name: string;
  /** A tab or a process of the device. All of them share what the device keeps. */
  readonly open: (tab?: string) => OutboxStore;
  /** One that can keep nothing, and what it says then. */
  readonly openBroken: () => Promise<readonly [OutboxStore, string]>;
}

const inMemory: Implementation = {
  name: 'in memory',
  open: () => memory.open().store,
  openBroken: async () => {
    memory.problem = 'nothing is kept here';
    return [memory.open().store, memory.problem];
  },
};

const inFolder: Implementation = {
  name: 'in a folder',
  open: () => openFolderOutbox(join(folder, 'outbox')),
  openBroken: async () => {
    await writeFile(join(folder, 'file'), 'no folder can be made here');
    return [openFolderOutbox(join(folder, 'file', 'outbox')), 'a part of its path is a file, not a folder'];
  },
};

const idb = (locks: LockManager | undefined): Implementation => ({
  name: locks ? 'in IndexedDB with locks' : 'in IndexedDB without locks',
  open: (tab = 'one') => new IdbOutbox(`outbox-${databases}`, { locks, tab }),
  openBroken: async () => {
    // A later version of the code has been here.
    (await openDB(`outbox-${databases}`, 99)).close();
    return [new IdbOutbox(`outbox-${databases}`, { locks, tab: 'one' }), 'this window keeps nothing'];
  },
});

test('what a killed process has written half is removed from a folder, and what another one writes is not', async () => {
  const outbox = join(folder, 'outbox');
  const store = openFolderOutbox(outbox);
  await store.put(a, Uint8Array.of(1));
  const { pid: gone } = spawnSync('true');
  await writeFile(join(outbox, `${b}.${gone}.part`), 'half');
  await writeFile(join(outbox, `${b}.${process.ppid}.part`), 'half');
  await store.put(a, Uint8Array.of(2));
  expect((await readdir(outbox)).toSorted()).toEqual([a, `${b}.${process.ppid}.part`].toSorted());
});

test('a lock that a killed process left without its update is removed, and one that is held is not', async () => {
  const outbox = join(folder, 'outbox');
  const script = `
    import { openFolderOutbox } from '${join(packageRoot, 'client/headless/files/folder-outbox.ts')}';
    await openFolderOutbox('${outbox}').claim('${a}');
    process.kill(process.pid, 'SIGKILL');`;
  spawnSync(process.execPath, ['--input-type=module', '--eval', script]);
  const store = openFolderOutbox(outbox);
  const letGo = await store.claim(b);
  expect((await readdir(outbox)).filter(file => file.startsWith(a))).not.toEqual([]);
  await writeFile(join(outbox, `${nameOf(3)}.lock-journal`), '');
  expect(await store.list()).toEqual([]);
  expect((await readdir(outbox)).filter(file => !file.startsWith(b))).toEqual([]);
  expect(await openFolderOutbox(outbox).claim(b)).toBeNull();
  letGo?.();
});

test('a lock that cannot be read hides no update from whoever looks what is left', async () => {
  const outbox = join(folder, 'outbox');
  const store = openFolderOutbox(outbox);
  await store.put(b, Uint8Array.of(1));
  await writeFile(join(outbox, `${a}.lock`), 'no database, as after a power cut');
  expect((await store.list()).map(({ name }) => name)).toEqual([b]);
});

describe.each([inMemory, inFolder, idb(navigator.locks), idb(undefined)])(
  'updates kept $name',
  ({ open, openBroken }) => {
    test('are there for whoever opens the store again, until they are removed', async () => {
      await open().put(a, Uint8Array.of(1, 2));
      await open().put(b, new Uint8Array(0));
      expect(await open().get(a)).toEqual(Uint8Array.of(1, 2));
      const listed = await open().list();
      expect(listed.map(({ name, bytes }) => [name, bytes]).toSorted()).toEqual(
        [
          [a, 2],
          [b, 0],
        ].toSorted(),
      );
      await open().remove(a);
      expect(await open().get(a)).toBeUndefined();
      expect((await open().list()).map(({ name }) => name)).toEqual([b]);
      await open().remove(a);
    });

    test('are replaced whole, and listed once', async () => {
      const store = open();
      await store.put(a, Uint8Array.of(1, 2));
      await store.put(a, Uint8Array.of(3));
      expect(await store.get(a)).toEqual(Uint8Array.of(3));
      expect(await store.list()).toMatchObject([{ name: a, bytes: 1 }]);
    });

    test('are claimed by one tab or process at a time, and each by itself', async () => {
      const [one, two] = [open('one'), open('two')];
      const letGo = await one.claim(a);
      expect(letGo).not.toBeNull();
      expect(await two.claim(a)).toBeNull();
      expect(await one.claim(a)).toBeNull();
      const other = await two.claim(b);
      expect(other).not.toBeNull();
      letGo?.();
      const claimed = await vi.waitUntil(() => two.claim(a));
      claimed();
      other?.();
    });

    test('are claimed by one of two that ask at once', async () => {
      const claims = await Promise.all(['one', 'two'].map(tab => open(tab).claim(a)));
      expect(claims.filter(claim => claim !== null)).toHaveLength(1);
      for (const letGo of claims) letGo?.();
    });

    test('cannot be kept where nothing can: that is said, and all else goes on', async () => {
      const [store, words] = await openBroken();
      await expect(store.put(a, Uint8Array.of(1))).rejects.toThrow(words);
      expect(await store.get(a)).toBeUndefined();
      expect(await store.list()).toEqual([]);
      await store.remove(a);
    });
  },
);

test('a folder of updates is for its owner alone, and holds nothing else when all are sent', async () => {
  const store = inFolder.open();
  const letGo = await store.claim(a);
  await store.put(a, Uint8Array.of(1));
  expect((await stat(join(folder, 'outbox', a))).mode & 0o077).toBe(0);
  expect((await stat(join(folder, 'outbox'))).mode & 0o077).toBe(0);
  await writeFile(join(folder, 'outbox', `${b}.1.part`), 'half');
  expect(await store.list()).toHaveLength(1);
  await rm(join(folder, 'outbox', `${b}.1.part`));
  await store.remove(a);
  letGo?.();
  expect(await readdir(join(folder, 'outbox'))).toEqual([]);
});

describe('the database of the outbox', () => {
  test('is given up to a later version of the page, which need not wait for tabs of before', async () => {
    const before = idb(undefined).open('one');
    await before.put(a, Uint8Array.of(1));
    const later = await openDB(`outbox-${databases}`, 2);
    expect(await later.get('updates', a)).toEqual(Uint8Array.of(1));
    later.close();
    await expect(before.put(b, Uint8Array.of(2))).rejects.toThrow('this window keeps nothing');
    await before.remove(a);
  });

  test('is opened again after it could not be opened once', async () => {
    (await openDB(`outbox-${databases}`, 99)).close();
    const store = idb(undefined).open('one');
    await expect(store.put(a, Uint8Array.of(1))).rejects.toThrow('this window keeps nothing');
    await deleteDB(`outbox-${databases}`);
    await store.put(a, Uint8Array.of(1));
    expect(await store.list()).toHaveLength(1);
  });

  test('that is closing takes no entry away, and harms nobody who asks for that', async () => {
    const store = idb(undefined).open('one');
    await store.put(a, Uint8Array.of(1));
    const closing = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
      throw new DOMException('the connection is closing', 'InvalidStateError');
    });
    await store.remove(a);
    closing.mockRestore();
    expect(await store.list()).toHaveLength(1);
  });
});

describe('without locks, the claim of a tab', () => {
  const database = () => openDB(`outbox-${databases}`, 1);
  const claimUntil = async (until: number): Promise<OutboxStore> => {
    await idb(undefined).open('other').list();
    const db = await database();
    await db.put('claims', { tab: 'other', until }, a);
    db.close();
    return idb(undefined).open('one');
  };

  test('is over if it says nothing for long', async () => {
    (await (await claimUntil(Date.now() - 1)).claim(a))?.();
    expect(await (await claimUntil(Date.now() + 100_000)).claim(a)).toBeNull();
  });

  test('that was made when the clock was a day ahead is over', async () => {
    const letGo = await (await claimUntil(Date.now() + 86_400_000)).claim(a);
    expect(letGo).not.toBeNull();
    letGo?.();
  });

  test('is its own when it is loaded again', async () => {
    const before = await idb(undefined).open('one').claim(a);
    const again = await idb(undefined).open('one').claim(a);
    expect(again).not.toBeNull();
    before?.();
    again?.();
  });
});
