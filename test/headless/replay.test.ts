import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { isKnown, ledgerPageSchema, type RunEvent } from '../../shared/protocol/events.ts';
import { manifestSchema } from '../../shared/protocol/model-outline.ts';
import { paths, runPage } from '../../shared/protocol/paths.ts';
import { LyingLink } from '../support/lying-link.ts';
import { archivedRound, publishedVersion } from '../support/poll.ts';
import { runHomeroom } from '../support/run-homeroom.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, joinMany, type TinyRun, train } from '../support/tiny-run.ts';

const platform = usePlatform();
const VERSIONS = 3;

/** Several shards, batch norm, and updates of 1.2 MB, which are read in pieces. */
const large = () => createTinyModel([600, 1_000], { hasNorm: true });
const policy = { updatesPerRound: 4, evaluators: 'referees' } as const;

async function trained(client: HomeroomClient, model = createTinyModel()): Promise<TinyRun> {
  const tiny = await createTinyRun(client, {
    model,
    spec: { rounds: 4, aggregation: 'clipped-mean', policy },
  });
  const volunteers = await joinMany(client, tiny.run, 4);
  for (let version = 1; version <= VERSIONS; version++) {
    for (const [i, volunteer] of volunteers.entries())
      await train(client, tiny, volunteer, (tensor, at) =>
        tensor.includes('variance') ? version : ((at % 7) - 3 + i * version) / 64,
      );
    await publishedVersion(client, tiny.run, version);
  }
  for (const role of ['student', 'teacher'] as const) await archivedRound(client, tiny.run, role, VERSIONS);
  return tiny;
}

let tiny: TinyRun;
let link: LyingLink;
let origin: string;

beforeAll(async () => {
  tiny = await trained(platform.client);
  link = new LyingLink(platform.client.origin);
  origin = await link.open();
});
afterAll(() => link.close());
afterEach(() => {
  link.lie = (_, body) => body;
  link.isCut = () => false;
});

const replay = (run = tiny.run, ...flags: string[]) =>
  runHomeroom(['replay', origin + runPage(run), ...flags]);
/** Without the link between, so that archives are read in ranges. */
const replayDirectly = (run: string, ...flags: string[]) =>
  runHomeroom(['replay', platform.client.origin + runPage(run), ...flags]);

test('a run of two roles replays equal, and a run that goes on says up to which version', async () => {
  const { status, stdout, stderr } = await replay();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toBe(
    'All 3 versions match: 12 updates, every shard to the byte.\n' +
      'The run goes on: version 3 was its newest when this began.\n',
  );
});

test('updates that lie in R2 one by one, shards, statistics and a finished run replay equal', async () => {
  const { run, hostKey } = await trained(platform.client, large());
  await platform.client.control(run, 'finish', hostKey);
  const { status, stdout } = await replayDirectly(run, '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    ...{ run, phase: 'finished', keepRounds: 50, updates: 12, newest: 3, sweptTo: 0, unarchived: null },
    ...{ matched: { first: 1, last: 3 }, unknown: {}, difference: null },
  });
});

test('single versions may be chosen', async () => {
  expect((await replay(tiny.run, '--from', '2', '--to', '2')).stdout).toMatch(
    /^Version 2 matches: 4 updates/,
  );
  expect((await replay(tiny.run, '--from', '2')).stdout).toMatch(/^All 2 versions from 2 to 3 match/);
});

const archived = (role: string, round: number): string => paths.archived(tiny.run, role, round, 0);
const changeLedger = (change: (event: RunEvent) => unknown): void => {
  link.lie = (path, body) => {
    if (!path.startsWith(paths.ledger(tiny.run))) return body;
    const { events, last } = ledgerPageSchema.parse(JSON.parse(String(body)));
    return Buffer.from(JSON.stringify({ events: events.filter(isKnown).map(change), last }));
  };
};

test('a flipped byte in the archive is found and named', async () => {
  link.lie = (path, body) => {
    if (path === archived('teacher', 2)) body.writeUInt8(body.readUInt8(300) ^ 1, 300);
    return body;
  };
  const { status, stdout } = await replay();
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /^DIFFERENCE at version 2, role teacher, lease [a-z0-9]+\n {2}expected {2}[0-9a-f]{64}\n/,
  );
  expect(stdout).toMatch(/cause {5}update 1 of the archive was changed/);
  expect(stdout).toMatch(/Before it version 1 matches: 4 updates/);
});

test('an archive without its last update is found', async () => {
  link.lie = (path, body) =>
    path === archived('student', 2) ? body.subarray(0, 4 + body.readUInt32LE(0)) : body;
  const { status, stdout } = await replay();
  expect(status).toBe(1);
  expect(stdout).toMatch(/version 2, role student.*\n.*\n.*found {5}none\n.*the archive lacks it/);
});

test('an archive that is gone is found', async () => {
  link.lie = (path, body) =>
    path === paths.archive(tiny.run, 'student', 2) ? Buffer.from('{"pieces":[]}') : body;
  expect(await replay()).toMatchObject({ status: 1, stdout: expect.stringMatching(/the archive lacks it/) });
});

test('an archived object that is listed and gone is found, and the update that it held is named', async () => {
  link.lie = (path, body) => (path === archived('student', 2) ? null : body);
  const { status, stdout } = await replay();
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /version 2, role student, lease [a-z0-9]+\n.*\n.*found {5}none\n.*the archive lacks it/,
  );
});

test('a changed entry of the ledger is found', async () => {
  changeLedger(({ event, ...at }) => ({
    ...at,
    event:
      event.type === 'update-accepted' && event.round === 2 && event.role === 'student'
        ? { ...event, norm: 2 * event.norm }
        : event,
  }));
  const { status, stdout } = await replay();
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /version 2, role student, lease [a-z0-9]+\n {2}expected {2}norm .*\n.*\n.*its norm is not that/,
  );
});

test('what a ledger says is printed harmlessly', async () => {
  changeLedger(({ event, ...at }) => ({
    ...at,
    event: event.type === 'update-accepted' ? { ...event, backend: 'cpu\n\x1b[2J\u202e' } : event,
  }));
  expect((await replay()).stdout).toContain('\n  found     backend cpu\\u{a}\\u{1b}[2J\\u{202e}\n');
  expect((await replay(tiny.run, '--json')).stdout).toContain('backend cpu\\n\\u001b[2J\\u202e');
});

test('[EVENT7] entries of a later release are passed over, and said', async () => {
  changeLedger(({ event, ...at }) => ({
    ...at,
    event: event.type === 'round-opened' ? { type: 'place-lent\n', to: 'Ada' } : event,
  }));
  const { status, stdout } = await replay();
  expect(status).toBe(0);
  expect(stdout).toMatch(/^All 3 versions match: 12 updates, every shard to the byte\.\n/);
  expect(stdout).toMatch(
    /entries that this release cannot read and passes over: [34] of type place-lent\\u\{a\}\./,
  );
});

test('a changed hash in a manifest, and a shard that is not what its name says, are found', async () => {
  const wrong = 'a'.repeat(64);
  link.lie = (path, body) => {
    if (path !== paths.version(tiny.run, 2)) return body;
    const manifest = manifestSchema.parse(JSON.parse(String(body)));
    const shards = (manifest.segments['segment-2']?.shards ?? []).map(ref => ({ ...ref, sha256: wrong }));
    return Buffer.from(
      JSON.stringify({
        ...manifest,
        segments: { ...manifest.segments, 'segment-2': { version: 2, shards } },
      }),
    );
  };
  expect((await replay()).stdout).toMatch(
    new RegExp(`version 2, segment-2, shard 0\n.*\n {2}found {5}${wrong}\n.*the manifest was changed`),
  );
  const manifest = await platform.client.version(tiny.run, 1);
  const sha256 = manifest.segments['segment-2']?.shards[0]?.sha256 ?? '';
  link.lie = (path, body) => (path === paths.blob(sha256) ? Buffer.concat([body, body]) : body);
  expect((await replay()).stdout).toMatch(
    new RegExp(`version 1, segment-2, shard 0\n {2}expected {2}${sha256}\n.*\n.*stored bytes`),
  );
});

test('a connection that is lost for a moment is waited for', async () => {
  let cuts = 3;
  link.isCut = path => path.includes('/archive/') && cuts-- > 0;
  expect(await replay()).toMatchObject({ status: 0 });
});

test('a connection that is lost for good ends the replay with how far it came', async () => {
  link.isCut = path => path.includes('/archive/student/3');
  const { status, stdout, stderr } = await replay();
  const told =
    /homeroom: the list of the updates of student in round 3 could not be read, \d+ times, .*: nobody replies at .*\n$/;
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^no difference up to version 2, then it broke off\nhomeroom: /);
  expect(stderr).toMatch(told);
  const fromThere = await replay(tiny.run, '--from', '2');
  expect(fromThere.stderr).toMatch(/^no difference from version 2 to 2, then it broke off\nhomeroom: /);
  expect((await replay(tiny.run, '--from', '3')).stderr).toMatch(new RegExp(`^${told.source}`));
});

async function expectRefusal(args: readonly string[], words: RegExp): Promise<void> {
  const { status, stdout, stderr } = await runHomeroom(['replay', ...args]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(words);
}

test.each([
  ['no link', [], /missing required argument 'link'.*--help/],
  ['what is no link', ['http://localhost:1/'], /is not a join link/],
  ['a platform that is not there', ['http://localhost:9/#/runs/abc123defg'], /nobody replies/],
  ['a version that is no number', ['x', '--from', 'first'], /--from <n>.*whole number from 1/],
])('%s is refused in one line', (_, args, words) => expectRefusal(args, words));

test('a run that does not exist, and a version that is not out, are refused in one line', async () => {
  await expectRefusal(
    [`${origin}/#/runs/abc123defg`],
    /it is not here, or not any more: check the link or the name \(run abc123defg\)/,
  );
  await expectRefusal(
    [origin + runPage(tiny.run), '--to', '9'],
    /version 9 is not out yet: the newest is version 3/,
  );
});

test('a draft has nothing to recompute', async () => {
  const draft = await createTinyRun(platform.client, { isOpen: false });
  await expectRefusal([origin + runPage(draft.run)], /published no version yet/);
});
