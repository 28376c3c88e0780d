import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimPlace } from '../../../client/headless/volunteer/volunteer-place.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeroom-places-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const ada = { origin: 'http://localhost:8787', run: 'abcdef', name: 'Ada', device: 'cpu' };
const identity = { volunteer: 'ghijkl', token: 'a.b.c', index: 7 };

test('a command that is started again is the volunteer that it was; by another name, in another run, it is not', async () => {
  const first = await claimPlace(folder, ada);
  expect(first.read()).toBeNull();
  first.write(identity);
  first.letGo();
  for (const [person, known] of [
    [ada, identity],
    [{ ...ada, name: 'Grace' }, null],
    [{ ...ada, run: 'other1' }, null],
    [{ ...ada, origin: 'http://elsewhere' }, null],
    [{ ...ada, device: 'webgpu' }, null],
  ] as const) {
    const place = await claimPlace(folder, person);
    expect(place.read()).toEqual(known);
    place.letGo();
  }
});

test('two at once are two volunteers, each of whom comes back as itself', async () => {
  const [first, second] = [await claimPlace(folder, ada), await claimPlace(folder, ada)];
  first.write(identity);
  expect(second.read()).toBeNull();
  second.write({ ...identity, volunteer: 'second' });
  first.letGo();
  second.letGo();
  const again = [await claimPlace(folder, ada), await claimPlace(folder, ada)];
  expect(again.map(place => place.read()?.volunteer)).toEqual(['ghijkl', 'second']);
  for (const place of again) place.letGo();
});

test('two of different runs come back as themselves, whichever is started first', async () => {
  const other = { ...ada, run: 'other1' };
  const [first, second] = [await claimPlace(folder, ada), await claimPlace(folder, other)];
  first.write(identity);
  second.write({ ...identity, volunteer: 'second' });
  first.letGo();
  second.letGo();
  const again = [await claimPlace(folder, other), await claimPlace(folder, ada)];
  expect(again.map(place => place.read()?.volunteer)).toEqual(['second', 'ghijkl']);
  for (const place of again) place.letGo();
});

test('in the instant in which the last process is killed, the place is waited for', async () => {
  const killed = await claimPlace(folder, ada);
  killed.write(identity);
  // The system needs a moment to take a process apart, with its locks.
  const again = claimPlace(folder, ada);
  await new Promise(resolve => setTimeout(resolve, 20));
  killed.letGo();
  expect((await again).read()).toEqual(identity);
  (await again).letGo();
});

test('one that the run does not know any more is forgotten', async () => {
  const place = await claimPlace(folder, ada);
  place.write(identity);
  place.forget();
  expect(place.read()).toBeNull();
  place.letGo();
});

test('a memory that is damaged, or has nowhere to be, is none', async () => {
  await writeFile(join(folder, '0.json'), '{"half');
  const damaged = await claimPlace(folder, ada);
  expect(damaged.read()).toBeNull();
  damaged.write(identity);
  expect(damaged.read()).toEqual(identity);
  expect((await stat(join(folder, '0.json'))).mode & 0o077).toBe(0);
  damaged.letGo();
  const nowhere = await claimPlace(join(folder, '0.json', 'places'), ada);
  nowhere.write(identity);
  expect(nowhere.read()).toBeNull();
});
