import { beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../shared/math/sha256.ts';
import type { EventBody, RunEvent } from '../../../shared/protocol/events.ts';
import type { Difference } from '../../../shared/replay/difference.ts';
import { placeOf } from '../../../shared/replay/difference.ts';
import { replayRun } from '../../../shared/replay/replay-run.ts';
import { ArchivedRun } from '../../support/archived-run.ts';
import { flipByte } from '../../support/hostile-envelope.ts';
import { createTinyModel } from '../../support/tiny-model.ts';
import { smallSpec } from '../federation/small-run.ts';

let run: ArchivedRun;

beforeEach(async () => {
  const spec = smallSpec({ rounds: 9, policy: { updatesPerRound: 4, evaluators: 'referees' } });
  run = new ArchivedRun({ spec, model: createTinyModel([300, 900]).outline });
  for (let i = 0; i < 4; i++) run.join(`volunteer${i}`);
  await run.train(3);
});

type Body<T extends EventBody['type']> = Extract<EventBody, { type: T }>;

const isOf = <T extends EventBody['type']>(event: EventBody, type: T): event is Body<T> =>
  event.type === type;

/** Changes the first entry of this type of round 2. */
function change<T extends EventBody['type']>(
  type: T,
  changed: (event: Body<T>) => Partial<Body<T>>,
): Body<T> {
  for (const [i, { event, ...at }] of run.ledger.entries())
    if (isOf(event, type) && 'round' in event && event.round === 2) {
      run.ledger[i] = { ...at, event: { ...event, ...changed(event) } };
      return event;
    }
  throw new Error(`no ${type}`);
}

const shardOf = (version: number, segment: string, shard: number): string =>
  run.manifests.get(version)?.segments[segment]?.shards[shard]?.sha256 ?? '';

function changeShard(version: number, segment: string, shard: number, sha256: string): void {
  const manifest = structuredClone(run.manifests.get(version));
  const ref = manifest?.segments[segment]?.shards[shard];
  if (!manifest || !ref) throw new Error(`no shard ${shard}`);
  ref.sha256 = sha256;
  run.manifests.set(version, manifest);
}

async function expectDifference(expected: Partial<Difference>, why: RegExp): Promise<void> {
  const { difference, matched, newest } = await replayRun(run.ports);
  expect(difference).toMatchObject(expected);
  expect(difference?.why).toMatch(why);
  const last = (expected.version ?? 1) - 1;
  expect(matched).toEqual(last > 0 ? { first: 1, last } : null);
  expect(newest).toBe(3);
}

/** Of the first shard of version 2, as the ledger tells it. */
const toldHash = (): string =>
  run.ledger.flatMap(({ event }) =>
    event.type === 'version-published' && event.version === 2 ? (event.segments['segment-1'] ?? []) : [],
  )[0] ?? '';

const teachers = (): Uint8Array[] => run.archive.get('teacher/2') ?? [];
const leaseOf = (number: number): string =>
  run.ledger.flatMap(({ event }) =>
    event.type === 'update-accepted' && event.role === 'teacher' && event.round === 2 ? [event.lease] : [],
  )[number] ?? '';

describe('a replay finds', () => {
  it('nothing if nothing was changed', async () => {
    expect(await replayRun(run.ports)).toMatchObject({ difference: null, updates: 12 });
  });

  it('a flipped byte in an archived update, and says whose it is', async () => {
    const list = teachers();
    const [, second = new Uint8Array()] = list;
    list[1] = flipByte(Uint8Array.from(second), 2_000);
    await expectDifference(
      { version: 2, of: 'update', role: 'teacher', lease: leaseOf(1), found: sha256Hex(list[1]) },
      /update 2 of the archive was changed/,
    );
  });

  it('an archived update that is missing', async () => {
    teachers().pop();
    await expectDifference(
      { version: 2, of: 'update', role: 'teacher', lease: leaseOf(1), found: 'none' },
      /the archive lacks it/,
    );
  });

  it('[STAND2] an update that was worth something else than the ledger says, or measured by another seed', async () => {
    const told = run.ledger.find(({ event }) => isOf(event, 'version-published') && event.round === 2)?.event;
    const work = told && isOf(told, 'version-published') ? told.work : undefined;
    const [role] = Object.keys(work ?? {}) as (keyof NonNullable<typeof work>)[];
    const own = role && work?.[role];
    if (!work || !role || !own) throw new Error('nothing is told of the updates');
    const whose = Object.values(own).flat();
    change('version-published', () => ({
      work: { ...work, [role]: { seed: own.seed, helped: whose.slice(1) } },
    }));
    await expectDifference({ version: 2, of: 'ledger', role }, /worth something else/);
  });

  it('an update that nobody accepted', async () => {
    teachers().push(...(run.archive.get('teacher/1') ?? []));
    await expectDifference(
      { version: 2, of: 'update', role: 'teacher', expected: 'no more updates' },
      /did not accept/,
    );
  });

  it('another update in the place of one', async () => {
    teachers()[0] = run.archive.get('teacher/1')?.[0] ?? new Uint8Array();
    await expectDifference({ version: 2, of: 'update', role: 'teacher' }, /did not accept/);
  });

  it.each([
    ['sha256', 'f'.repeat(64)],
    ['norm', 1.25],
    ['bytes', 7],
    ['loss', 0.001],
    ['volunteer', 'somebody'],
    ['downloadBytes', 5],
    ['backend', 'abacus'],
  ] as const)('a changed %s in the ledger’s entry of an update', async (field, value) => {
    const { lease, role } = change('update-accepted', () => ({ [field]: value }));
    await expectDifference({ version: 2, lease, role }, new RegExp(field === 'sha256' ? 'hash' : field));
  });

  it('a lease with other examples than its parts have', async () => {
    const { lease } = change('lease-granted', () => ({ examples: 9_000 }));
    await expectDifference(
      { version: 2, of: 'ledger', lease, expected: '10 examples', found: '9000 examples' },
      /weighed/,
    );
  });

  it('a shard that is not what the updates make, although ledger and manifest agree', async () => {
    const wanted = shardOf(2, 'segment-2', 1);
    change('version-published', ({ segments }) => ({
      segments: { ...segments, 'segment-2': (segments['segment-2'] ?? []).with(1, 'e'.repeat(64)) },
    }));
    changeShard(2, 'segment-2', 1, 'e'.repeat(64));
    await expectDifference(
      { version: 2, of: 'shard', segment: 'segment-2', shard: 1, expected: wanted, found: 'e'.repeat(64) },
      /do not make this shard/,
    );
  });

  it('a hash that was changed in the ledger alone, or in the manifest alone', async () => {
    changeShard(2, 'segment-1', 0, 'd'.repeat(64));
    await expectDifference(
      { version: 2, of: 'manifest', segment: 'segment-1', shard: 0 },
      /the manifest was changed/,
    );
    changeShard(2, 'segment-1', 0, toldHash());
    change('version-published', ({ segments }) => ({
      segments: { ...segments, 'segment-1': ['c'.repeat(64)] },
    }));
    await expectDifference(
      { version: 2, of: 'ledger', segment: 'segment-1', shard: 0 },
      /entry of the version/,
    );
  });

  it('a stored shard whose bytes are others than its name says, or are gone', async () => {
    const sha256 = shardOf(1, 'segment-1', 0);
    run.blobs.spoil(sha256, new Uint8Array(9));
    const place = { version: 1, of: 'blob', segment: 'segment-1', shard: 0, expected: sha256 } as const;
    const spoiled = await replayRun(run.ports);
    expect(spoiled.difference).toMatchObject({ ...place, found: sha256Hex(new Uint8Array(9)) });
    run.blobs.delete(sha256);
    expect((await replayRun(run.ports)).difference).toMatchObject({ ...place, found: 'none' });
  });

  it('a changed shard of the newest version, which nothing was made of yet', async () => {
    run.blobs.spoil(shardOf(3, 'segment-2', 1), new Uint8Array(9));
    const { difference, matched } = await replayRun(run.ports);
    expect(difference).toMatchObject({ version: 3, of: 'blob', segment: 'segment-2', shard: 1 });
    expect(matched).toEqual({ first: 1, last: 3 });
  });

  it('an entry that was left out of the ledger', async () => {
    const place = run.ledger.findIndex(({ event }) => event.type === 'update-accepted' && event.round === 2);
    run.ledger.splice(place, 1);
    const { difference } = await replayRun(run.ports);
    expect(difference).toMatchObject({ version: 2, of: 'ledger', expected: `entry ${place + 1}` });
  });

  it('an entry that was left out, the others counted anew', async () => {
    const place = run.ledger.findIndex(({ event }) => event.type === 'update-accepted' && event.round === 2);
    run.ledger = run.ledger.toSpliced(place, 1).map((entry, i): RunEvent => ({ ...entry, seq: i + 1 }));
    await expectDifference({ version: 2, of: 'update' }, /did not accept/);
  });

  it('a version that the ledger does not tell, or that has no manifest', async () => {
    run.manifests.delete(2);
    await expectDifference({ version: 2, of: 'manifest', found: 'none' }, /not kept/);
    run.ledger = run.ledger
      .filter(({ event }) => event.type !== 'version-published' || event.version !== 2)
      .map((entry, i) => ({ ...entry, seq: i + 1 }));
    await expectDifference({ version: 2, of: 'ledger', found: 'none' }, /does not tell of this version/);
  });

  it('updates of a role that folded none', async () => {
    change('version-published', ({ updates }) => ({ updates: { student: updates.student ?? 0 } }));
    await expectDifference({ version: 2, of: 'ledger', role: 'teacher' }, /folded no updates/);
  });
});

it('a difference is placed in one line', () => {
  expect(
    placeOf({
      version: 3,
      of: 'shard',
      segment: 's',
      shard: 0,
      slot: 'moved',
      expected: '',
      found: '',
      why: '',
    }),
  ).toBe('version 3, s, slot moved, shard 0');
});
