import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHeadlessVolunteer } from '../../client/headless/volunteer/headless-volunteer.ts';
import { replayPorts } from '../../client/platform/replay-ports.ts';
import type { BuiltModel, TrainerApi } from '../../client/trainer/trainer-api.ts';
import { BlobSource } from '../../client/volunteer/blob-source.ts';
import { prepareJob } from '../../client/volunteer/prepare-job.ts';
import { defaultWorkLimits } from '../../client/volunteer/work-limits.ts';
import { decodeUpdate, encodeUpdate, openEnvelope } from '../../shared/codec/envelope.ts';
import { expectedTensors } from '../../shared/protocol/expected-tensors.ts';
import type { Lease } from '../../shared/protocol/lease.ts';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import type { RunSpecInput } from '../../shared/protocol/run-spec.ts';
import { replayRun } from '../../shared/replay/replay-run.ts';
import { startLocalTrainer } from '../support/local-trainer.ts';
import { keepsNothing } from '../support/memory-store.ts';
import { MemorySums } from '../support/memory-sums.ts';
import { archivedRound, entriesOf, until } from '../support/poll.ts';
import { usePlatform } from '../support/test-platform.ts';
import {
  createTinyRun,
  joinRun,
  type TinyRun,
  type TinyVolunteer,
  trainingMetrics,
} from '../support/tiny-run.ts';
import { unwrap } from '../unit/codec/arbitraries.ts';

const platform = usePlatform();

let trainer: TrainerApi;
let model: BuiltModel;
let cacheFolder: string;

beforeAll(async () => {
  ({ trainer, model } = await startLocalTrainer());
  cacheFolder = await mkdtemp(join(tmpdir(), 'homeroom-referee-'));
});
afterAll(() => rm(cacheFolder, { recursive: true, force: true }));

const ROUNDS = 7;

const spec = {
  dataset: {
    kind: 'glyphs',
    ...{ name: 'glyphs' as const, seed: 5, trainParts: 7, testParts: 1, examplesPerPart: 96 },
    partition: { kind: 'iid' },
  },
  plan: { name: 'conventional' },
  rounds: ROUNDS,
  root: { parts: 2 },
  training: { batch: 16, learningRate: 0.05 },
  policy: { updatesPerRound: 4, evaluators: 'referees', maxDrop: 0 },
} as const;

/** What a lease trains to, with every change multiplied. */
async function trained(info: RunInfo, lease: Lease, factor: number): Promise<Uint8Array<ArrayBuffer>> {
  const blobs = new BlobSource(platform.client, keepsNothing, new AbortController().signal);
  const job = await prepareJob(info, lease, blobs, { memoryMB: 0, workLimits: defaultWorkLimits });
  const { envelope } = await trainer.work({ ...job, downloadBytes: 0 });
  if (factor === 1) return Uint8Array.from(envelope);
  const expected = expectedTensors(info.model, lease.task.trains);
  const { codec } = info.spec;
  const values = unwrap(decodeUpdate(unwrap(openEnvelope(envelope)), { codec, tensors: expected }));
  // Within the bounds of a single value: this is what acceptance lets through.
  const tensors = expected.map(({ elements: _, ...tensor }, i) => ({
    ...tensor,
    values: (values[i] ?? new Float32Array()).map(value => Math.max(-2, Math.min(2, value * factor))),
  }));
  return encodeUpdate({ lease: lease.id, codec, tensors, metrics: trainingMetrics });
}

interface Scene extends TinyRun {
  readonly honest: readonly TinyVolunteer[];
  readonly hostile: readonly TinyVolunteer[];
}

/** Each takes a lease if it gets one, until the version is out. */
async function playRound({ run, honest, hostile }: Scene, version: number, factor: number): Promise<void> {
  const { client } = platform;
  await until(
    async () => {
      for (const volunteer of [...hostile, ...honest]) {
        const reply = await client.lease(run, volunteer.token);
        if (reply.type !== 'lease' || reply.lease.task.role === 'evaluator') continue;
        const { lease } = reply;
        const own = hostile.includes(volunteer) ? factor : 1;
        const envelope = await trained(await client.run(run), lease, own);
        await client.putUpdate(run, lease.id, lease.token, envelope).catch(() => {});
      }
      return (await client.run(run)).view.version >= version;
    },
    `version ${version}`,
    300_000,
  );
}

/** A run of some volunteers, hostile ones first, and of its host's referee. */
async function playRun(spec: Partial<RunSpecInput>, factor: number, counts = { hostile: 1, honest: 2 }) {
  const { client } = platform;
  const blobs = model.blobs.map(({ sha256, bytes }) => ({ sha256, bytes: Uint8Array.from(bytes) }));
  const tiny = await createTinyRun(client, { model: { ...model, blobs, weights: {} }, spec });
  const join = (count: number, name: string): Promise<TinyVolunteer[]> =>
    Promise.all(Array.from({ length: count }, (_, i) => joinRun(client, tiny.run, { name: `${name} ${i}` })));
  const hostile = await join(counts.hostile, 'Mal');
  const honest = await join(counts.honest, 'Bob');
  const referee = startHeadlessVolunteer({
    ...{ client, run: tiny.run, name: 'host', cacheFolder, backend: 'wasm', threads: 1 },
    hostKey: tiny.hostKey,
  });
  try {
    await until(async () => {
      const { view } = await client.run(tiny.run);
      return Object.values(view.volunteers).some(one => one.referee);
    }, 'the referee');
    for (let version = 1; version <= ROUNDS; version++)
      await playRound({ ...tiny, hostile, honest }, version, factor);
  } finally {
    referee.control.stop();
    await referee.done;
  }
  return { tiny, hostile };
}

test.each([
  ['scaled by 1,000', 1_000],
  ['with their sign flipped, times ten', -10],
])(
  '[CHECK7] one hostile volunteer of four sends updates %s to a plain mean, and the run still learns',
  async (_, factor) => {
    const { client } = platform;
    const { tiny, hostile } = await playRun(spec, factor);
    const [mal = ''] = hostile.map(({ volunteer }) => volunteer);
    const published = await entriesOf(client, tiny.run, 'version-published');
    const losses = published.flatMap(({ check }) => (check ? [check.after] : []));
    expect(losses.length).toBeGreaterThanOrEqual(ROUNDS - 1);
    expect(losses.at(-1)).toBeLessThan(0.9 * Math.log(10));
    for (const [i, loss] of losses.entries())
      expect(loss, 'no version is worse than the last ones by more than the tolerance').toBeLessThanOrEqual(
        1.2 * Math.min(Math.log(10), ...losses.slice(Math.max(0, i - 4), i)) + 0.11,
      );
    const refused = await entriesOf(client, tiny.run, 'update-refused');
    expect(refused.length).toBeGreaterThan(0);
    for (const { volunteer, reason } of refused)
      expect({ volunteer, reason }).toEqual({ volunteer: mal, reason: 'harmful' });
    const { view } = await client.run(tiny.run);
    expect(view.volunteers[mal]).toMatchObject({ harmful: refused.length });
    await until(() => archivedRound(client, tiny.run, 'whole', ROUNDS), 'the archive');
    const sums = new MemorySums();
    const info = await client.run(tiny.run);
    const replayed = await replayRun(replayPorts(client, info, role => sums.of(role)));
    expect(replayed).toMatchObject({ difference: null, matched: { first: 1, last: ROUNDS } });
  },
  600_000,
);

test('two of ten with four updates a round flip the sign of theirs, times ten, and a run by the default rule still learns', async () => {
  const { client } = platform;
  const { tiny, hostile } = await playRun({ ...spec, aggregation: 'fltrust' }, -10, {
    hostile: 2,
    honest: 8,
  });
  const published = await entriesOf(client, tiny.run, 'version-published');
  const last = published.at(-1)?.check;
  expect(last?.after).toBeLessThan(0.9 * Math.log(10));
  const refused = await entriesOf(client, tiny.run, 'update-refused');
  const harmful = refused.filter(({ reason }) => reason === 'harmful').map(({ volunteer }) => volunteer);
  expect(hostile.map(({ volunteer }) => volunteer)).toEqual(expect.arrayContaining(harmful));
}, 600_000);

test('[CHECK3] [CHECK7] of honest tasks side by side, whose pictures differ, no update is refused and every round is taken', async () => {
  const { client } = platform;
  const dataset = { ...spec.dataset, partition: { kind: 'dirichlet', alpha: 0.5 } } as const;
  const { tiny } = await playRun({ ...spec, dataset, plan: { name: 'layer-to-layer' } }, 1);
  const published = await entriesOf(client, tiny.run, 'version-published');
  expect(published.filter(({ check }) => check).length).toBeGreaterThanOrEqual(ROUNDS - 1);
  expect(published.filter(({ taken }) => taken === false)).toEqual([]);
  expect((await entriesOf(client, tiny.run, 'update-refused')).map(({ reason }) => reason)).toEqual([]);
}, 600_000);
