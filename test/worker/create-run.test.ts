import { expect, test } from 'vitest';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../shared/math/utf8.ts';
import type { Dataset } from '../../shared/protocol/dataset.ts';
import type { CreateRunRequest } from '../../shared/protocol/messages.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { type RawResponse, responseOf } from '../support/raw-put.ts';
import { objectsHold } from '../support/stored-files.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, joinRun, putBlobs, refusalOf, tinyGlyphs, tinyRequest } from '../support/tiny-run.ts';

const KEY = 'the key of this deployment';

const platform = usePlatform();
const closed = usePlatform({ RUN_CREATION: 'closed', DEPLOYMENT_KEY: KEY });
const keyless = usePlatform({ RUN_CREATION: 'closed' });

const post = async (path: string, body: string): Promise<RawResponse> =>
  responseOf(
    await fetch(platform.client.origin + path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    }),
  );

test('if creation is open anyone creates a run, a draft with the shards that were given', async () => {
  const { client } = platform;
  const { run, model } = await createTinyRun(client, { isOpen: false, spec: { name: 'mine' } });
  const info = await client.run(run);
  expect(info).toMatchObject({ run, needsCode: false, spec: { name: 'mine' }, view: { phase: 'draft' } });
  expect(info.model).toEqual(model.outline);
  const segments = Object.entries(model.shards).map(([id, shards]) => [id, { version: 0, shards }]);
  expect(await client.version(run, 0)).toEqual({ version: 0, segments: Object.fromEntries(segments) });
  expect((await client.listRuns()).find(listed => listed.run === run)).toMatchObject({
    name: 'mine',
    model: 'tiny',
    plan: 'layer-to-layer',
    dataset: 'glyphs',
    phase: 'draft',
    rounds: 3,
  });
});

test('a creation that is sent again, even at once, gets the same run and the same key', async () => {
  const { client } = platform;
  const model = createTinyModel();
  await putBlobs(client, model);
  const request = {
    ...tinyRequest({ model, spec: { name: 'sent again' } }),
    nonce: 'fedcba9876543210'.repeat(2),
  };
  const created = await Promise.all([client.createRun(request), client.createRun(request)]);
  const [first, again] = [created[0], await client.createRun(request)];
  expect([created[1], again]).toEqual([first, first]);
  const { nonce: _, ...other } = request;
  expect((await client.createRun(other)).run).not.toBe(first.run);
  await client.control(first.run, 'open', first.hostKey);
  expect((await client.listRuns()).filter(({ run }) => run === first.run)).toHaveLength(1);
});

test('if creation is closed runs, blobs and data sets want the deployment key', async () => {
  const { client } = closed;
  const model = createTinyModel();
  const [blob] = model.blobs;
  if (!blob) throw new Error('a blob');
  for (const key of [undefined, 'another key', `${KEY}!`])
    for (const call of [
      () => client.createRun(tinyRequest(), key),
      () => client.putBlob(blob.sha256, blob.bytes, key),
      () => client.putDataset(tinyGlyphs, key),
    ])
      expect(await refusalOf(call())).toMatchObject({ status: 403, reason: 'creation-closed' });
  expect(await refusalOf(client.getBlob(blob.sha256))).toMatchObject({ status: 404 });
  const { run } = await createTinyRun(client, { model, key: KEY });
  // Volunteers need no key.
  await joinRun(client, run);
  // It is not public, since its host said nothing.
  expect(await client.listRuns()).toEqual([]);
  expect((await client.listRuns({ known: [run] })).map(listed => listed.run)).toEqual([run]);
});

test('if creation is closed and no deployment key is set nobody creates', async () => {
  const { client } = keyless;
  for (const key of [undefined, '', 'undefined'])
    expect(await refusalOf(client.createRun(tinyRequest(), key))).toMatchObject({
      reason: 'creation-closed',
    });
});

const notOfTheForm: readonly (readonly [string, string, (request: CreateRunRequest) => unknown])[] = [
  ['no plan of that name', 'spec.plan.name', r => ({ ...r, spec: { ...r.spec, plan: { name: 'osmosis' } } })],
  ['no rounds', 'spec.rounds', r => ({ ...r, spec: { ...r.spec, rounds: 0 } })],
  [
    'a lease of no time',
    'spec.policy.leaseMs',
    r => ({ ...r, spec: { ...r.spec, policy: { ...r.spec.policy, leaseMs: 1 } } }),
  ],
  [
    'a shard named by no hash',
    'segments.head-1.0.sha256',
    r => ({ ...r, segments: { ...r.segments, 'head-1': [{ sha256: 'x', bytes: 1 }] } }),
  ],
  ['no model', 'model', ({ model: _, ...rest }) => rest],
  ['a join code too short to keep anyone out', 'joinCode', r => ({ ...r, joinCode: 'abc' })],
];

test.for(notOfTheForm)('%s is refused as malformed, at %s', async ([, place, change]) => {
  const response = await post(paths.runs, JSON.stringify(change(tinyRequest())));
  expect(response).toMatchObject({ status: 400, reason: 'malformed' });
  expect(response.detail).toMatch(new RegExp(`^${place.replaceAll('.', '\\.')}: .`));
});

test('a body that is not JSON is refused as malformed, one too long as too-large', async () => {
  for (const body of ['', '{', 'null'])
    expect(await post(paths.runs, body)).toMatchObject({ status: 400, reason: 'malformed' });
  const response = await post(paths.runs, JSON.stringify('x'.repeat(2_000_000)));
  expect(response).toMatchObject({ status: 413, reason: 'too-large' });
});

/** Training parts of so many pictures each, which nobody uploaded. */
function hosted(examples: readonly number[]): Dataset {
  const part = (count: number) => ({ sha256: 'a'.repeat(64), bytes: 16 + 785 * count, examples: count });
  const shape = { height: 28, width: 28, channels: 1 };
  const common = { kind: 'hosted' as const, name: 'uneven', partition: tinyGlyphs.partition };
  return { ...common, shape, classes: 10, train: examples.map(part), test: [part(1)] };
}

/** The teacher's kernel of another shape, as the outline tells it. */
const withKernel = ({ model }: CreateRunRequest, shape: number[]): Pick<CreateRunRequest, 'model'> => ({
  model: {
    ...model,
    segments: model.segments.map(segment =>
      segment.id === 'segment-2' ? { ...segment, tensors: [{ name: 's2/kernel', shape }] } : segment,
    ),
  },
});

const notTogether: readonly (readonly [string, string, (request: CreateRunRequest) => CreateRunRequest])[] = [
  [
    'a model of other pictures than the data has',
    'the network takes 28×28×3 numbers an example, glyphs has 28×28×1',
    r => ({ ...r, model: { ...r.model, inputShape: [28, 28, 3] } }),
  ],
  [
    'a model of other classes than the data has',
    'the network tells 7 classes, glyphs has 10',
    r => ({ ...r, model: { ...r.model, classes: 7 } }),
  ],
  [
    'a shard too many',
    'segment-2 has 2 shards, its tensors make 1',
    r => ({ ...r, segments: { ...r.segments, 'segment-2': Object.values(r.segments).flat().slice(0, 2) } }),
  ],
  [
    'a segment without shards',
    'head-1 has 0 shards, its tensors make 1',
    ({ segments: { 'head-1': _, ...segments }, ...rest }) => ({ ...rest, segments }),
  ],
  [
    'a plan that the model cannot serve',
    'layer-to-layer wants an auxiliary head on segment-1',
    r => ({
      ...r,
      model: { ...r.model, segments: r.model.segments.filter(({ kind }) => kind === 'body') },
    }),
  ],
  [
    'a lease of more examples than can be weighed',
    'a lease would hold 16400 examples, at most 16384',
    r => ({
      ...r,
      spec: {
        ...r.spec,
        dataset: { ...tinyGlyphs, trainParts: 20, examplesPerPart: 1_025 },
        training: { ...r.spec.training, partsPerLease: 16 },
      },
    }),
  ],
  [
    'a lease of more examples on the largest parts, though the first part is small',
    'a lease would hold 17600 examples, at most 16384',
    r => ({
      ...r,
      spec: {
        ...r.spec,
        dataset: hosted([1, ...new Array(16).fill(1_100)]),
        training: { ...r.spec.training, partsPerLease: 16 },
      },
    }),
  ],
  [
    'an update larger than a cohort can be handed',
    'an update of segment-2 by the teacher takes up to 400',
    r => ({ ...r, ...withKernel(r, [200, 1_000_000]) }),
  ],
  [
    '[ROOT2] a root set without some classes',
    'has no example of class ',
    r => ({
      ...r,
      spec: { ...r.spec, dataset: { ...tinyGlyphs, examplesPerPart: 5 }, root: { parts: 1 } },
    }),
  ],
  [
    '[ROOT2] a root set that leaves nothing to train on',
    'root.parts holds back 5 of 5 training parts and leaves none to train on: set it to 4 or less',
    r => ({ ...r, spec: { ...r.spec, root: { parts: 5 } } }),
  ],
  [
    'a topology that nobody uploaded',
    `blob ${sha256Hex(encodeUtf8('lost')).slice(0, 12)}… was not uploaded`,
    r => ({ ...r, model: { ...r.model, topology: sha256Hex(encodeUtf8('lost')) } }),
  ],
];

test.for(notTogether)('%s is refused as bad-spec: %s', async ([, why, change]) => {
  const { client } = platform;
  const model = createTinyModel();
  await putBlobs(client, model);
  const listed = (await client.listRuns()).length;
  const response = await post(paths.runs, JSON.stringify(change(tinyRequest({ model }))));
  expect(response).toMatchObject({ status: 400, reason: 'bad-spec' });
  expect(response.detail).toContain(why);
  expect((await client.listRuns()).length).toBe(listed);
});

test('a shard that was not uploaded is refused as bad-spec', async () => {
  const { client } = platform;
  const model = createTinyModel([3, 11]);
  const [topology] = model.blobs;
  if (topology) await client.putBlob(topology.sha256, topology.bytes);
  const refusal = await refusalOf(client.createRun(tinyRequest({ model })));
  expect(refusal).toMatchObject({ status: 400, reason: 'bad-spec' });
  expect(refusal.message).toContain('was not uploaded');
});

test('control wants the host key of this very run', async () => {
  const { client } = platform;
  const [mine, theirs] = [await createTinyRun(client), await createTinyRun(client)];
  for (const key of ['', theirs.hostKey, mine.hostKey.slice(1), `${mine.hostKey}0`])
    expect(await refusalOf(client.control(mine.run, 'finish', key))).toMatchObject({
      status: 403,
      reason: 'forbidden',
    });
  expect((await client.run(mine.run)).view.phase).toBe('open');
  await client.control(mine.run, 'finish', mine.hostKey);
  expect((await client.run(mine.run)).view.phase).toBe('finished');
});

test('of the host key and the join code only hashes are stored', async () => {
  const { client, folder } = platform;
  const joinCode = 'thecodeforthistest';
  const { run, hostKey } = await createTinyRun(client, { joinCode });
  await joinRun(client, run, { code: joinCode });
  await joinRun(client, run, {}, hostKey);
  expect(hostKey).toMatch(/^[0-9a-f]{64}$/);
  for (const secret of [hostKey, joinCode]) {
    expect(await objectsHold(folder, sha256Hex(encodeUtf8(secret)))).toBe(true);
    expect(await objectsHold(folder, secret)).toBe(false);
  }
});

test('every response of the API, a refusal too, says that it is nothing but what it says', async () => {
  const { origin } = platform.client;
  for (const path of [paths.runs, paths.run('nosuchrun4'), '/api/nothing'])
    expect(Object.fromEntries((await fetch(origin + path)).headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
});
