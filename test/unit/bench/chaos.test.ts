import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RefusedError, UnreachableError } from '../../../client/platform/call-platform.ts';
import type { EventBody, RunEvent } from '../../../shared/protocol/events.ts';
import { findDisorder, findLost } from '../../bench/chaos/check-run.ts';
import { DataFolder } from '../../bench/chaos/data-folder.ts';
import { drawScenario, kinds } from '../../bench/chaos/draw-scenario.ts';
import { faultyEnv, obey } from '../../bench/chaos/faulty-worker.ts';
import { outcomeOf } from '../../bench/chaos/stubborn-volunteer.ts';

const numbered = (...events: readonly EventBody[]): RunEvent[] =>
  events.map((event, i) => ({ seq: i + 1, at: 1_000 * i, event }));

const granted = (lease: string): EventBody => ({
  ...{ type: 'lease-granted', lease, volunteer: 'v', role: 'student', round: 1, parts: [0], examples: 10 },
});

const ended = (lease: string): EventBody => ({
  ...{ type: 'lease-ended', lease, volunteer: 'v', role: 'student', why: 'the deadline passed' },
});

const taken = (lease: string): EventBody => ({
  ...{ type: 'update-accepted', lease, volunteer: 'v', role: 'student', round: 1, sha256: 'a', bytes: 9 },
  ...{ downloadBytes: 0, norm: 1, loss: 1, samplesPerSecond: 1, backend: 'cpu' },
});

const published = (version: number): EventBody => ({
  ...{ type: 'version-published', version, round: version, updates: { student: 1 }, segments: {} },
});

const trained = (lease: string, outcome: string | null) => ({
  ...{ lease, outcome, isTraining: true, trouble: null },
});

test('which calls of a storage fail is drawn by the seed, and drawn again by the same', async () => {
  const env = faultyEnv({ BLOBS: { get: async () => 'here' }, DIRECTORY: {} }, null);
  const bucket = env.BLOBS as { get: () => Promise<string> };
  const draw = async (seed: string): Promise<string> => {
    const order = new Request('http://chaos', {
      method: 'POST',
      body: JSON.stringify({ seed, storage: 0.5 }),
    });
    await obey(order, {});
    const outcomes: string[] = [];
    for (let i = 0; i < 40; i++)
      outcomes.push(
        await bucket.get().then(
          () => '.',
          () => 'x',
        ),
      );
    return outcomes.join('');
  };
  const first = await draw('1/0');
  expect(first).toMatch(/x.*\.|\..*x/);
  expect(await draw('2/0')).not.toBe(first);
  expect(await draw('1/0')).toBe(first);
});

test('a ledger in order has no fault', () => {
  const ledger = numbered(granted('a'), granted('b'), ended('b'), taken('a'), taken('b'), published(1));
  expect(findDisorder(ledger)).toBeNull();
  expect(findLost(ledger, [trained('a', 'accepted'), trained('c', 'stale')])).toBeNull();
});

test.each([
  ['ends twice', [granted('a'), ended('a'), ended('a')], /lease a ends twice/],
  ['is granted twice', [granted('a'), ended('a'), granted('a')], /lease a is granted twice/],
  ['is counted twice', [granted('a'), taken('a'), taken('a')], /update of lease a is accepted twice/],
  ['is passed over', [published(1), published(3)], /version 3 comes where 2/],
  ['never ends', [granted('a'), granted('b'), ended('a')], /lease b never ends/],
])('[LEASE10] a lease, update or version that %s is found', (_, events, message) => {
  expect(findDisorder(numbered(...events))).toMatch(message);
});

test('an entry that is missing is found', () => {
  const ledger = numbered(granted('a'), ended('a'), granted('b')).filter(({ seq }) => seq !== 2);
  expect(findDisorder(ledger)).toBe('entry 3 of the ledger stands where 2 should');
});

test.each([
  [null, /nobody knows what became/],
  ['accepted', /accepted update of b is lost/],
])('an update whose outcome is %s, and which the ledger does not have, is found', (outcome, message) => {
  expect(findLost(numbered(taken('a')), [trained('b', outcome)])).toMatch(message);
});

test('an update that was sent again and is a duplicate of itself was accepted, and one of another lease was not', () => {
  const duplicate = (detail?: string) => new RefusedError(409, 'duplicate', 'a duplicate', detail);
  expect(outcomeOf(duplicate())).toBe('accepted');
  expect(outcomeOf(duplicate('one update a volunteer, role and round'))).toBe('duplicate');
  expect(outcomeOf(null)).toBe('accepted');
  expect(outcomeOf(new RefusedError(410, 'stale', 'too late', undefined))).toBe('stale');
  expect(outcomeOf(new RefusedError(503, 'busy', 'too much', undefined))).toBeNull();
  expect(outcomeOf(new UnreachableError('away', null))).toBeNull();
});

test('an update that was refused and counts all the same is found', () => {
  expect(findLost(numbered(taken('a')), [trained('a', 'stale')])).toMatch(/refused as stale, and the ledger/);
});

test('the folder of a scenario, and its disk, go with a process that ends before the scenario does', () => {
  const script = `
    const { DataFolder } = await import('./test/bench/chaos/data-folder.ts');
    console.log((await DataFolder.make(1)).path);
    process.exit(0);`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(stdout.trim()).toMatch(/homeroom-chaos-1-/);
  expect(existsSync(stdout.trim())).toBe(false);
});

test('a disk holds what a long scenario writes, and whatever is on it, it can be full and have room again', async () => {
  const folder = await DataFolder.make(1);
  const write = (name: string, bytes: number) => writeFile(join(folder.path, name), Buffer.alloc(bytes, 1));
  try {
    await write('written', 150_000_000);
    // Who may not mount has no disk that could be full.
    if (folder.fill()) await expect(write('more', 10_000)).rejects.toThrow('ENOSPC');
    folder.makeRoom();
    await write('more', 10_000_000);
  } finally {
    folder.remove();
  }
});

test('a scenario is the same again from its seed, and a hundred have every mishap', () => {
  expect(drawScenario(7)).toEqual(drawScenario(7));
  const drawn = Array.from({ length: 100 }, (_, i) => drawScenario(i + 1)).flatMap(({ mishaps }) => mishaps);
  expect(new Set(drawn.map(({ mishap }) => mishap.kind))).toEqual(new Set(kinds));
});
