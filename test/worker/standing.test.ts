import { expect, test } from 'vitest';
import { replayPorts } from '../../client/platform/replay-ports.ts';
import { createRandom } from '../../shared/math/random.ts';
import type { Lease } from '../../shared/protocol/lease.ts';
import { describeStanding, levelOf } from '../../shared/protocol/standing.ts';
import { replayRun } from '../../shared/replay/replay-run.ts';
import { MemorySums } from '../support/memory-sums.ts';
import { entriesOf, publishedVersion, until } from '../support/poll.ts';
import { usePlatform } from '../support/test-platform.ts';
import { type Change, createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, joinMany, refusalOf, updateOf } from '../support/tiny-run.ts';

const platform = usePlatform();

/** The versions that a replay finds equal, once so many rounds are in the archive. */
const replayed = (run: string, last: number) =>
  until(async () => {
    const sums = new MemorySums();
    const info = await platform.client.run(run);
    const { difference, matched } = await replayRun(
      replayPorts(platform.client, info, role => sums.of(role)),
    );
    return difference === null && matched?.last === last && matched;
  }, 'an equal replay');

const VALUES = 1_000;

/** The same at the same place of any tensor. */
function noiseOf(...seed: readonly (string | number)[]): Change {
  const random = createRandom('standing', ...seed);
  const drawn = Float64Array.from({ length: VALUES }, () => (random() - 0.5) / 64);
  return (tensor, i) => drawn[(i + tensor.length) % VALUES] ?? 0;
}

/** What the honest ones send in a round: something in common, and as much that is each one's own. */
function honest(round: number, who: number): Change {
  const [common, own] = [noiseOf('common', round), noiseOf('own', round, who)];
  return (tensor, i) => common(tensor, i) + own(tensor, i);
}

/** Random values. If they happen to agree with what the honest have in common, they are turned round. */
function random(round: number): Change {
  const [own, common] = [noiseOf('free', round), noiseOf('common', round)];
  let agreement = 0;
  for (let i = 0; i < VALUES; i++) agreement += own('', i) * common('', i);
  return (tensor, i) => (agreement > 0 ? -1 : 1) * own(tensor, i);
}

test('[STAND4] [STAND9] a free rider and a copier beside honest ones earn nothing, are told why, and a replay says the same', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, {
    model: createTinyModel([40, 25]),
    spec: {
      plan: { name: 'conventional' },
      rounds: 20,
      policy: { updatesPerRound: 7, evaluators: 'referees' },
    },
  });
  const all = await joinMany(client, tiny.run, 7);
  const told: Record<number, string> = {};
  for (let round = 1; round <= 4; round++) {
    // All take their leases first, so that the round does not close before the last one has sent.
    const leases: Lease[] = [];
    for (const [i, { token }] of all.entries()) {
      const reply = await client.lease(tiny.run, token);
      if (reply.type !== 'lease') throw new Error(`no lease: ${JSON.stringify(reply)}`);
      if (reply.standing) told[i] = describeStanding(reply.standing);
      leases.push(reply.lease);
    }
    const changes: Change[] = [0, 1, 2, 3].map(who => honest(round, who));
    changes.push(() => 0, honest(round, 2), random(round));
    for (const [i, change] of changes.entries()) {
      const lease = leases[i];
      if (lease) await client.putUpdate(tiny.run, lease.id, lease.token, updateOf(tiny.model, lease, change));
    }
    await publishedVersion(client, tiny.run, round);
  }
  const ids = all.map(({ volunteer }) => volunteer);
  const [version] = await entriesOf(client, tiny.run, 'version-published');
  expect(version?.work?.whole).toMatchObject({
    ...{ helped: ids.slice(0, 4), zero: [ids[4]], copied: [ids[5]], unlike: [ids[6]] },
    seed: expect.stringMatching(/^[0-9a-f]{16}$/),
  });
  const { view } = await client.run(tiny.run);
  const levels = ids.map(id => levelOf(view.volunteers[id]?.standing?.value ?? -1));
  expect(levels).toEqual(['trusted', 'trusted', 'trusted', 'trusted', 'new', 'new', 'new']);
  for (const id of ids.slice(4)) expect(view.volunteers[id]?.standing?.value).toBe(0.5);
  expect(Object.keys(told)).toEqual(['4', '5', '6']);
  expect(told[4]).toMatch(/changed next to nothing\. The next update that helps earns it/);
  expect(told[5]).toMatch(/the same as somebody else’s/);
  expect(await replayed(tiny.run, 4)).toEqual({ first: 1, last: 4 });
});

test('[STAND5] [STAND7] an update that no honest program sends costs standing, and the next ones weigh less', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, {
    spec: {
      plan: { name: 'conventional' },
      rounds: 20,
      policy: { updatesPerRound: 2, evaluators: 'referees' },
    },
  });
  const [ada, eve] = await joinMany(client, tiny.run, 2);
  if (!ada || !eve) throw new Error('two volunteers');
  for (let i = 0; i < 2; i++) {
    const reply = await client.lease(tiny.run, eve.token);
    if (reply.type !== 'lease') throw new Error('no lease');
    const bad = { metrics: { samples: -1 } };
    const update = updateOf(tiny.model, reply.lease, () => 0.25, bad);
    const refusal = await refusalOf(client.putUpdate(tiny.run, reply.lease.id, reply.lease.token, update));
    expect(refusal.reason).toBe('bad-metrics');
  }
  const { view } = await client.run(tiny.run);
  expect(view.volunteers[eve.volunteer]?.standing).toEqual({ value: 0.28125, version: 0, why: 'refused' });
  // Others come first, and then it is its turn.
  const first = await client.lease(tiny.run, ada.token);
  const second = await client.lease(tiny.run, eve.token);
  if (first.type !== 'lease' || second.type !== 'lease') throw new Error('no lease');
  expect(second.standing).toEqual({ value: 0.28125, why: 'refused' });
  for (const { lease } of [first, second])
    await client.putUpdate(
      tiny.run,
      lease.id,
      lease.token,
      updateOf(tiny.model, lease, () => (lease === first.lease ? 0.5 : 0.25)),
    );
  await publishedVersion(client, tiny.run, 1);
  const granted = await entriesOf(client, tiny.run, 'lease-granted');
  expect(granted.map(({ share }) => share)).toEqual([undefined, 0.75, undefined, 0.625]);
  expect(await replayed(tiny.run, 1)).toEqual({ first: 1, last: 1 });
});
