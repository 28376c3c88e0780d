import { expect, test } from 'vitest';
import { createNonce } from '../../client/platform/create-nonce.ts';
import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { rest } from '../../client/platform/rest.ts';
import { retryUntilReached } from '../../client/platform/retry-until-reached.ts';
import { isKnown, type RunEvent } from '../../shared/protocol/events.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { refusalBodySchema } from '../../shared/protocol/refusal-body.ts';
import { usePlatform } from '../support/test-platform.ts';
import {
  createTinyRun,
  evaluationOf,
  joinMany,
  joinRun,
  type TinyRun,
  type TinyVolunteer,
  updateOf,
} from '../support/tiny-run.ts';

const platform = usePlatform();

const device = { backend: 'cpu', macsPerSecond: 0, memoryMB: 0 };

interface Tried {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly detail: string;
}

/** A join as a browser at this address sends it. */
async function tryJoin(run: string, name: string, address: string, nonce = createNonce()): Promise<Tried> {
  const response = await fetch(platform.client.origin + paths.join(run), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cf-connecting-ip': address },
    body: JSON.stringify({ name, device, nonce }),
  });
  const { data } = refusalBodySchema.safeParse(await response.json());
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    detail: data?.error.detail ?? '',
  };
}

const FLOOD = 2_000;
const AT_ONCE = 100;

/** As fast as the platform takes them. */
async function flood(run: string, address: string): Promise<number> {
  let isIn = 0;
  for (let start = 0; start < FLOOD; start += AT_ONCE) {
    const wave = Array.from({ length: AT_ONCE }, (_, i) => tryJoin(run, `sybil ${start + i}`, address));
    isIn += (await Promise.all(wave)).filter(({ status }) => status === 201).length;
  }
  return isIn;
}

test('[CROWD7] after 2,000 joins in some seconds the host gets in, and so does a class of 30', async () => {
  const { client } = platform;
  const { run, hostKey } = await createTinyRun(client);
  const startedAt = performance.now();
  const isIn = await flood(run, '203.0.113.7');
  const minutes = (performance.now() - startedAt) / 60_000;
  expect(isIn).toBeGreaterThanOrEqual(60);
  expect(isIn).toBeLessThanOrEqual(61 + 60 * minutes);
  const host = await joinRun(client, run, { name: 'host' }, hostKey);
  expect((await client.lease(run, host.token)).type).toBe('lease');
  const pupils = Array.from({ length: 30 }, (_, i) => tryJoin(run, `pupil ${i}`, '198.51.100.9'));
  expect((await Promise.all(pupils)).map(({ status }) => status)).toEqual(Array(30).fill(201));
  const { view } = await client.run(run);
  expect(view.joined).toBe(isIn + 31);
});

test('[CROWD7] a burst beyond what a network may is told when its turn is, waits by itself, and nobody is lost', async () => {
  const { client } = platform;
  const { run } = await createTinyRun(client);
  const fromSchool = async (name: string) => {
    const notes: string[] = [];
    const nonce = createNonce();
    const waiting = {
      backoff: client.limits.callRetry,
      isDone: () => false,
      onRetry: (error: Error) => void notes.push(error.message),
      rest,
    };
    const request = { name, device, nonce };
    await retryUntilReached(waiting, () => client.join(run, request));
    return notes;
  };
  const notes = await callingFrom('203.0.113.7', () =>
    Promise.all(Array.from({ length: 64 }, (_, i) => fromSchool(`pupil ${i}`))),
  );
  expect((await client.run(run)).view.joined).toBe(64);
  const waited = notes.filter(({ length }) => length > 0);
  expect(waited.length).toBeGreaterThan(0);
  for (const [note] of waited)
    expect(note).toMatch(/many join from this network just now: this device is let in after \d+ s/);
  for (let i = 0; i < 60; i++) await tryJoin(run, `more ${i}`, '203.0.113.7');
  const { status, retryAfter, detail } = await tryJoin(run, 'one more', '203.0.113.8');
  expect({ status, detail }).toMatchObject({ status: 503, detail: expect.stringContaining('let in after') });
  expect(Number(retryAfter)).toBeGreaterThan(0);
});

/** Everything that calls the platform while this lasts calls it from an address. One at a time. */
async function callingFrom<T>(address: string, act: () => Promise<T>): Promise<T> {
  const { fetch: plain } = globalThis;
  const from: typeof fetch = (input, init) =>
    plain(input, { ...init, headers: { ...init?.headers, 'cf-connecting-ip': address } });
  globalThis.fetch = from;
  try {
    return await act();
  } finally {
    globalThis.fetch = plain;
  }
}

const HONEST = 4;
const SYBILS = 40;
const ROUNDS = 20;

/** A run with four who work and 40 who are silent, until so many versions are out. Its ledger, and who works. */
async function besideSybils({ isFirst = false, rounds = ROUNDS } = {}) {
  const { client } = platform;
  // The one role has a place for each who works and one on trial, so that no round waits for the silent ones.
  const policy = { updatesPerRound: HONEST, overIssue: 1.3, leaseMs: 6_000 } as const;
  const plan = { name: 'conventional' } as const;
  const tiny = await createTinyRun(client, { spec: { plan, rounds: 2 * rounds, policy } });
  const come = async (count: number, work: (lease: Held) => Promise<void>) => {
    const all = await joinMany(client, tiny.run, count);
    return { all, done: all.map(one => poll(client, tiny, one, work)) };
  };
  const silent = () => come(SYBILS, ({ deadlineMs }) => rest(deadlineMs));
  const early = isFirst ? await silent() : null;
  const workers = await come(HONEST, lease => answer(client, tiny, lease));
  const sybils = early ?? (await silent());
  while ((await client.run(tiny.run)).view.version < rounds) await rest(500);
  await client.control(tiny.run, 'finish', tiny.hostKey);
  await Promise.all([...workers.done, ...sybils.done]);
  return {
    ledger: await wholeLedger(client, tiny.run),
    honest: workers.all.map(({ volunteer }) => volunteer),
  };
}

/** Of the leases that were granted after this entry, the share of these volunteers. */
function shareOf(ledger: readonly RunEvent[], honest: readonly string[], after: number): number {
  const holders = ledger.flatMap(({ seq, event }) =>
    event.type === 'lease-granted' && seq > after ? [event.volunteer] : [],
  );
  expect(holders.length).toBeGreaterThan(20);
  return holders.filter(id => honest.includes(id)).length / holders.length;
}

test('[CROWD5] [CROWD6] four who work get 60 % of the leases at least beside 40 silent ones', async () => {
  const { ledger, honest } = await besideSybils();
  expect(shareOf(ledger, honest, 0)).toBeGreaterThanOrEqual(0.6);
});

test('[CROWD5] [CROWD6] though 40 silent ones come first, each of four comes to work, and they get 60 % of the leases then', async () => {
  const { ledger, honest } = await besideSybils({ isFirst: true, rounds: 12 });
  const began = honest.map(
    id =>
      ledger.find(
        ({ event }) =>
          event.type === 'update-accepted' && event.role !== 'evaluator' && event.volunteer === id,
      )?.seq ?? Number.POSITIVE_INFINITY,
  );
  expect(shareOf(ledger, honest, Math.max(...began))).toBeGreaterThanOrEqual(0.6);
});

type Held = Extract<Awaited<ReturnType<HomeroomClient['lease']>>, { type: 'lease' }>['lease'];

/** Takes leases to the run's end. */
async function poll(
  client: HomeroomClient,
  { run }: TinyRun,
  { token }: TinyVolunteer,
  work: (lease: Held) => Promise<void>,
): Promise<void> {
  for (;;) {
    const reply = await client.lease(run, token);
    if (reply.type === 'finished') return;
    if (reply.type === 'lease') await work(reply.lease);
    await rest(reply.type === 'wait' ? Math.min(reply.retryAfterMs, 1_000) : 20);
  }
}

/** [STAND8] Whoever sends copies comes last, so each update is one of its own. */
async function answer(client: HomeroomClient, { run, model }: TinyRun, lease: Held): Promise<void> {
  const update =
    lease.task.role === 'evaluator'
      ? evaluationOf(lease, lease.examples / 2)
      : updateOf(model, lease, () => 0.02 * Math.random());
  await client.putUpdate(run, lease.id, lease.token, update).catch(() => {});
}

async function wholeLedger(client: HomeroomClient, run: string): Promise<RunEvent[]> {
  const ledger: RunEvent[] = [];
  for (let after = 0; ; ) {
    const { events, last } = await client.ledger(run, after);
    ledger.push(...events.filter(isKnown));
    after = events.at(-1)?.seq ?? last;
    if (after >= last) return ledger;
  }
}
