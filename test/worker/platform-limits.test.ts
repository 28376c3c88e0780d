import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../client/headless/package-root.ts';
import { openSignalSocket, openViewSocket } from '../../client/platform/event-socket.ts';
import { RunHost } from '../../client/platform/run-host.ts';
import { USUAL_LIMITS } from '../../shared/cohort/fold-limits.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../shared/math/utf8.ts';
import type { HostedDataset } from '../../shared/protocol/dataset.ts';
import { OWNER_KEY_PREFIX } from '../../shared/protocol/ownership.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { LimitedPlatform } from '../support/limits/limited-platform.ts';
import { type Figure, HEAP_MB, platformLimits, WORKER_BYTES } from '../support/limits/platform-limits.ts';
import { boundMs } from '../support/patience.ts';
import { archivedRound, publishedVersion, until, viewWhen } from '../support/poll.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import {
  createTinyRun,
  evaluationOf,
  joinMany,
  type TinyRun,
  type TinyVolunteer,
  takeLease,
  updateOf,
} from '../support/tiny-run.ts';

const CLAIM = 'ab'.repeat(32);
const hashOf = (text: string): string => sha256Hex(encodeUtf8(text));
const key = OWNER_KEY_PREFIX + 'cd'.repeat(32);

let platform: LimitedPlatform;

const PLACES = [
  ['in R2', true],
  ['in objects', false],
] as const;

/** Fails if anything went beyond what the platform allows, and tells how near it came. */
async function expectWithinLimits(): Promise<void> {
  const { most, invocations, slicesMs } = await platform.seen();
  const figures = Object.keys(platformLimits) as Figure[];
  const slices = Object.entries(slicesMs).sort(([, a], [, b]) => b - a);
  const lines = figures.map(figure => {
    const { value = 0, where = '' } = most[figure] ?? {};
    return `  ${figure}: ${value} of ${platformLimits[figure]} (${where})`;
  });
  const longest = slices.slice(0, 5).map(([where, ms]) => `${where} ${Math.round(ms)} ms`);
  console.log(`Of ${invocations} invocations the most was:\n${lines.join('\n')}
  heap: ${Math.round(platform.heap.peakBytes / 1e6)} of ${HEAP_MB} MB
  before the first wait: ${longest.join(', ')}`);
  for (const figure of figures)
    expect(most[figure]?.value ?? 0, `${figure}: ${most[figure]?.where}`).toBeLessThanOrEqual(
      platformLimits[figure],
    );
  expect(platform.heap.peakBytes).toBeLessThan(HEAP_MB * 1_000_000);
}

/** Asks for work and does it, again and again, until the run is over. */
async function work(tiny: TinyRun, { token }: TinyVolunteer): Promise<void> {
  const { client } = platform;
  await until(
    async () => {
      const reply = await client.lease(tiny.run, token);
      if (reply.type === 'lease') {
        const { lease } = reply;
        const update =
          lease.split === 'test'
            ? evaluationOf(lease, lease.examples / 2)
            : updateOf(tiny.model, lease, () => 0.125);
        await client.putUpdate(tiny.run, lease.id, lease.token, update).catch(() => {});
      }
      // To look at the run each time, all thirty, would be more calls than a network may make.
      return reply.type === 'finished';
    },
    'the end of the run',
    boundMs(60_000),
  );
}

describe.each(PLACES)('files %s', (_, hasR2) => {
  beforeAll(async () => {
    platform = await LimitedPlatform.start(
      { CLAIM_HASH: hashOf(CLAIM), CLAIM_ENDS: '99999999999999' },
      hasR2,
    );
  });
  afterAll(() => platform.remove());

  test('a class of thirty trains a network to its end within the limits of the plan that costs nothing', async () => {
    const { client } = platform;
    const claimed = await fetch(client.origin + paths.claim, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ claim: CLAIM, keyHash: hashOf(key) }),
    });
    expect(claimed.ok).toBe(true);
    // Each update is nearly as large as a row may be that holds one.
    const model = createTinyModel([480, 1_000]);
    const spec = { rounds: 6, policy: { updatesPerRound: 10, minVolunteers: 30 } } as const;
    const tiny = await createTinyRun(client, { model, key, spec });
    const host = new RunHost(client, tiny.run, tiny.hostKey);
    const { view } = await client.run(tiny.run);
    const sockets = [openViewSocket(client, tiny.run, view, () => {})];
    const volunteers = await joinMany(client, tiny.run, 30);
    for (const { token } of volunteers)
      sockets.push(openSignalSocket(client, tiny.run, token, { seq: 0, joined: 1 }, () => {}));
    const works = volunteers.map(volunteer => work(tiny, volunteer));
    const { segments } = await publishedVersion(client, tiny.run, 1);
    // A quick machine would be at the end before the round is archived.
    await client.control(tiny.run, 'pause', tiny.hostKey);
    await archivedRound(client, tiny.run, 'student', 1);
    await host.takeBack(0);
    await client.control(tiny.run, 'resume', tiny.hostKey);
    await Promise.all(works);
    for (const socket of sockets) socket.close();
    await host.archive(true);
    await host.deleteRun();
    const uploaded = new Set(model.blobs.map(({ sha256 }) => sha256));
    const [made] = Object.values(segments).flatMap(({ shards }) =>
      shards.filter(shard => !uploaded.has(shard.sha256)),
    );
    await until(
      async () => (await client.storedBlob(made?.sha256 ?? '')) === null,
      'what the run has made is gone',
    );
    const { slicesMs } = await platform.seen();
    // All of this was seen, and not only the Worker's routes.
    for (const call of [
      'Cohort.fold',
      'RunCoordinator.alarm',
      'EventRelay.tell',
      'SecretKeeper.signingSecret',
    ])
      expect(slicesMs).toHaveProperty([call]);
    await expectWithinLimits();
  });

  test('a data set of ten thousand parts, and a run with it, stay within the limits', async () => {
    const { client } = platform;
    const bytes = new Uint8Array(16 + 785).fill(3);
    const part = { sha256: sha256Hex(bytes), bytes: bytes.length, examples: 1 };
    await client.putBlob(part.sha256, bytes, key);
    const dataset: HostedDataset = {
      ...{ kind: 'hosted', name: 'many parts', shape: { height: 28, width: 28, channels: 1 }, classes: 10 },
      ...{ partition: { kind: 'iid' }, train: Array.from({ length: 9_999 }, () => part), test: [part] },
    };
    await client.putDataset(dataset, key);
    const tiny = await createTinyRun(client, { key, spec: { dataset } });
    const [volunteer] = await joinMany(client, tiny.run, 1);
    expect(volunteer?.volunteer).toBeTruthy();
    await expectWithinLimits();
  });

  test('updates of 32 MB are taken and folded within the limits', async () => {
    const { client } = platform;
    const model = createTinyModel([8_000, 1_000]);
    const spec = {
      ...({ plan: { name: 'conventional' }, rounds: 1, codec: { name: 'f32' } } as const),
      ...({ policy: { updatesPerRound: 3, evaluators: 'referees' } } as const),
    };
    const tiny = await createTinyRun(client, { model, key, spec });
    const volunteers = await joinMany(client, tiny.run, 3);
    for (const volunteer of volunteers) {
      const lease = await takeLease(client, tiny.run, volunteer);
      const update = updateOf(model, lease, () => 0.125, { codec: { name: 'f32' } });
      await client.putUpdate(tiny.run, lease.id, lease.token, update);
    }
    await viewWhen(client, tiny.run, ({ version }) => version === 1, 'the version of three large updates');
    await expectWithinLimits();
  });
});

test('the bundle is as small as a Worker of the plan that costs nothing may be', () => {
  const bytes = gzipSync(readFileSync(join(packageRoot, 'dist/worker/index.js'))).length;
  expect(bytes).toBeLessThan(WORKER_BYTES);
});

test('what one call of a fold may read leaves room for what else it does', () => {
  // The sums that it writes and the shards that are read for it.
  expect(USUAL_LIMITS.maxReads).toBeLessThanOrEqual(platformLimits.services - 50);
});
