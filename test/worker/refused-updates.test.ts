import { expect, test } from 'vitest';
import type { Lease } from '../../shared/protocol/lease.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { type RefusalReason, refusals } from '../../shared/protocol/refusals.ts';
import { flipByte, forge } from '../support/hostile-envelope.ts';
import { entriesOf, publishedVersion } from '../support/poll.ts';
import { rawPut } from '../support/raw-put.ts';
import { usePlatform } from '../support/test-platform.ts';
import { changedShards } from '../support/tiny-model.ts';
import {
  createTinyRun,
  evaluationOf,
  joinMany,
  type TinyRun,
  type TinyVolunteer,
  takeLease,
  train,
  updateOf,
} from '../support/tiny-run.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const platform = usePlatform();

const good = (): number => 0.25;
const metrics = { samples: 10, loss: 1, trainMs: 1, downloadBytes: 0, backend: 'cpu' };

/** What is sent for the teacher's lease, and as what it is refused. */
interface Case {
  readonly rule: string;
  readonly what: string;
  readonly reason: RefusalReason;
  readonly body: (tiny: TinyRun, lease: Lease) => Bytes;
  readonly isChunked?: boolean;
}

const ofGood = (change: (envelope: Bytes) => Bytes) => (tiny: TinyRun, lease: Lease) =>
  change(updateOf(tiny.model, lease, good));

const ofForged = (change: Parameters<typeof forge>[1]) => ofGood(envelope => forge(envelope, change));

const withMetrics = (given: unknown) => (tiny: TinyRun, lease: Lease) =>
  updateOf(tiny.model, lease, good, { metrics: given });

/** Bits of a half-precision value in place of the first one of the payload. */
const withFirstHalf = (bits: number) =>
  ofForged((_, payload) => {
    new DataView(payload.buffer).setUint16(0, bits, true);
    return payload;
  });

const tooLong = (_: TinyRun, lease: Lease): Bytes => new Uint8Array(lease.byteAllowance + 1);

const cases: readonly Case[] = [
  { rule: 'ACC3', what: 'one byte over the allowance', reason: 'too-large', body: tooLong },
  { rule: 'ACC3', what: 'the same without a length', reason: 'too-large', body: tooLong, isChunked: true },
  { rule: 'ACC4', what: 'nothing', reason: 'malformed', body: () => new Uint8Array(0) },
  { rule: 'ACC4', what: 'two bytes', reason: 'malformed', body: () => Uint8Array.of(1, 2) },
  { rule: 'ACC4', what: 'garbage', reason: 'malformed', body: () => new Uint8Array(500).fill(0xa5) },
  {
    rule: 'ACC4',
    what: 'an envelope that breaks off',
    reason: 'wrong-hash',
    body: ofGood(bytes => bytes.slice(0, -5)),
  },
  { rule: 'ACC4', what: 'a flipped byte', reason: 'wrong-hash', body: ofGood(bytes => flipByte(bytes, -40)) },
  {
    rule: 'ACC4',
    what: 'a payload longer than its table',
    reason: 'malformed',
    body: ofForged((_, payload) => new Uint8Array(payload.length + 1)),
  },
  {
    rule: 'ACC5',
    what: 'an envelope that names another lease',
    reason: 'unauthorised',
    body: (tiny, lease) => updateOf(tiny.model, { ...lease, id: 'anotherlease' }, good),
  },
  {
    rule: 'ACC6',
    what: 'f32 instead of f16',
    reason: 'wrong-codec',
    body: (tiny, lease) => updateOf(tiny.model, lease, good, { codec: { name: 'f32' } }),
  },
  {
    rule: 'ACC6',
    what: "another role's tensors",
    reason: 'wrong-table',
    body: (tiny, lease) => {
      const trains = ['segment-1', 'head-1'];
      return updateOf(tiny.model, { ...lease, task: { ...lease.task, trains } }, good);
    },
  },
  {
    rule: 'ACC6',
    what: 'a tensor that says it is larger',
    reason: 'wrong-table',
    body: ofForged(header => {
      for (const entry of header.table) entry.elements += 1;
      return undefined;
    }),
  },
  {
    rule: 'ACC7',
    what: 'a payload too short for its tensor',
    reason: 'bad-payload',
    body: ofForged((header, payload) => {
      const last = header.table.at(-1);
      if (last) last.bytes -= 2;
      return payload.slice(0, -2);
    }),
  },
  { rule: 'ACC7', what: 'NaN', reason: 'not-finite', body: withFirstHalf(0x7e00) },
  { rule: 'ACC7', what: 'an infinity', reason: 'not-finite', body: withFirstHalf(0xfc00) },
  {
    rule: 'ACC7',
    what: 'a value beyond 64',
    reason: 'out-of-range',
    body: (tiny, lease) => updateOf(tiny.model, lease, (_, i) => (i === 3 ? -64.5 : 0)),
  },
  {
    rule: 'ACC7',
    what: 'a learnt value beyond the halves',
    reason: 'out-of-range',
    body: (tiny, lease) => updateOf(tiny.model, lease, () => 1e30),
  },
  { rule: 'ACC8', what: 'no metrics', reason: 'bad-metrics', body: withMetrics({}) },
  {
    rule: 'ACC8',
    what: 'more samples than fifty passes have',
    reason: 'bad-metrics',
    body: withMetrics({ ...metrics, samples: 501 }),
  },
  {
    rule: 'ACC8',
    what: 'a negative download',
    reason: 'bad-metrics',
    body: withMetrics({ ...metrics, downloadBytes: -1 }),
  },
];

test.for(cases)('[$rule] $what is refused as $reason, and the round goes on unharmed', async refusal => {
  const { client } = platform;
  const { tiny, teacher, student } = await startRound();
  const lease = await takeLease(client, tiny.run, teacher);
  const body = refusal.body(tiny, lease);
  const response = await rawPut(client, paths.update(tiny.run, lease.id), body, {
    token: lease.token,
    ...(refusal.isChunked ? { isChunked: true } : {}),
  });
  expect(response).toMatchObject({ status: refusals[refusal.reason].status, reason: refusal.reason });
  const [entry, ...more] = await entriesOf(client, tiny.run, 'update-refused');
  expect(more).toEqual([]);
  expect(entry).toMatchObject({
    lease: lease.id,
    volunteer: teacher.volunteer,
    role: 'teacher',
    reason: refusal.reason,
    bytes: refusal.isChunked ? 0 : body.length,
  });
  const { view } = await client.run(tiny.run);
  expect(view).toMatchObject({ phase: 'open', version: 0, accepted: 0, refused: 1, goals: { teacher: 1 } });
  expect(view.volunteers[teacher.volunteer]).toMatchObject({ lease: null, refused: 1, updates: 0 });
  await expectGoodRound(tiny, teacher, student);
});

const forgedTokens: readonly {
  readonly what: string;
  readonly token: (own: Lease, other: Lease, volunteer: TinyVolunteer) => string | undefined;
}[] = [
  { what: 'no token', token: () => undefined },
  { what: 'an empty token', token: () => '' },
  { what: 'a token with another signature', token: own => `${own.token.slice(0, -6)}AAAAAA` },
  { what: 'a token with other claims', token: own => withOtherClaims(own.token) },
  { what: 'an unsigned token', token: own => unsigned(own.token) },
  { what: "another lease's token", token: (_, other) => other.token },
  { what: "the volunteer's token", token: (_own, _other, volunteer) => volunteer.token },
];

test.for(forgedTokens)('an update with $what is refused as unauthorised and ends no lease', async forged => {
  const { client } = platform;
  const { tiny, teacher, student } = await startRound();
  const own = await takeLease(client, tiny.run, teacher);
  const other = await takeLease(client, tiny.run, student);
  const body = updateOf(tiny.model, own, () => -1);
  const token = forged.token(own, other, teacher);
  expect(await rawPut(client, paths.update(tiny.run, own.id), body, { token })).toMatchObject({
    status: 401,
    reason: 'unauthorised',
  });
  const told = { type: 'update-refused', lease: own.id, volunteer: null, role: null, reason: 'unauthorised' };
  expect(await entriesOf(client, tiny.run, 'update-refused')).toEqual([{ ...told, bytes: body.length }]);
  const { view } = await client.run(tiny.run);
  expect(view.volunteers[teacher.volunteer]).toMatchObject({ lease: own.id, refused: 0 });
  await client.putUpdate(tiny.run, own.id, own.token, updateOf(tiny.model, own, good));
  await client.putUpdate(tiny.run, other.id, other.token, updateOf(tiny.model, other, good));
  await expectPublished(tiny);
});

test('a lease token of another run is refused, and neither run takes the update', async () => {
  const { client } = platform;
  const [mine, theirs] = [await startRound(), await startRound()];
  const lease = await takeLease(client, mine.tiny.run, mine.teacher);
  const body = updateOf(mine.tiny.model, lease, good);
  const path = paths.update(theirs.tiny.run, lease.id);
  expect(await rawPut(client, path, body, { token: lease.token })).toMatchObject({ status: 401 });
  for (const { tiny } of [mine, theirs]) expect((await client.run(tiny.run)).view.accepted).toBe(0);
  await expectGoodRound(theirs.tiny, theirs.teacher, theirs.student);
});

const impossible: readonly (readonly [string, Record<string, unknown>])[] = [
  ['more right than there are', { correct: 11 }],
  ['fewer examples than leased', { examples: 9, correct: 5 }],
  ['a loss below zero', { lossSum: -1 }],
];

test.for(impossible)(
  '[ACC8] an evaluation with %s is refused, and its parts are leased again',
  async ([, metrics]) => {
    const { client } = platform;
    const { tiny, teacher, student } = await startRound(1);
    await expectGoodRound(tiny, teacher, student);
    const lease = await takeLease(client, tiny.run, teacher);
    const refused = rawPut(client, paths.update(tiny.run, lease.id), evaluationOf(lease, 5, metrics), {
      token: lease.token,
    });
    expect(await refused).toMatchObject({ status: 422, reason: 'bad-metrics' });
    const parts = [];
    // [EVAL4] Whoever had no lease of this version comes first.
    for (const volunteer of [student, teacher]) {
      const again = await takeLease(client, tiny.run, volunteer);
      parts.push(...again.parts);
      await client.putUpdate(tiny.run, again.id, again.token, evaluationOf(again, 5));
    }
    expect(parts.toSorted()).toEqual([0, 1]);
    expect(await entriesOf(client, tiny.run, 'version-evaluated')).toMatchObject([
      { version: 0, accuracy: 0.5 },
    ]);
  },
);

/** A run with two volunteers, the first of whom is teacher in the first round. */
async function startRound(rounds = 3) {
  const tiny = await createTinyRun(platform.client, { spec: { rounds } });
  const [teacher, student] = await joinMany(platform.client, tiny.run, 2);
  if (!teacher || !student) throw new Error('two volunteers');
  return { tiny, teacher, student };
}

async function expectGoodRound(tiny: TinyRun, ...volunteers: readonly TinyVolunteer[]): Promise<void> {
  for (const volunteer of volunteers) await train(platform.client, tiny, volunteer, good);
  await expectPublished(tiny);
}

/** Version 1 holds the good updates and nothing else. */
async function expectPublished(tiny: TinyRun): Promise<void> {
  const { segments } = await publishedVersion(platform.client, tiny.run, 1);
  for (const id of Object.keys(tiny.model.shards))
    expect(segments[id]?.shards).toEqual(changedShards(tiny.model, id, good));
}

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

const withOtherClaims = (token: string): string => {
  const [header, , signature] = token.split('.');
  return `${header}.${base64({ ...claimsOf(token), examples: 10_000 })}.${signature}`;
};

const unsigned = (token: string): string =>
  `${base64({ alg: 'none', typ: 'JWT' })}.${base64(claimsOf(token))}.`;
