import { expect, test } from 'vitest';
import { paths } from '../../shared/protocol/paths.ts';
import { entriesOf } from '../support/poll.ts';
import { rawPut, responseOf } from '../support/raw-put.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import {
  createTinyRun,
  joinRun,
  putBlobs,
  refusalOf,
  takeLease,
  tinyRequest,
  train,
  trainingMetrics,
} from '../support/tiny-run.ts';

const platform = usePlatform();

const strange = [
  'A\u200bda',
  'A\u202eda',
  'A\u001b[2Jda',
  'A\u009bda',
  'A\u00adda',
  '\u3164',
  'A\u200dda',
  'A\nda',
];

test.each(strange)(
  '%j is a name of nothing: no run, volunteer, backend, network, layer or data set has it',
  async text => {
    const { client } = platform;
    const model = createTinyModel();
    await putBlobs(client, model);
    const { run } = await createTinyRun(client, { model });
    const device = { backend: text, macsPerSecond: 0, memoryMB: 0 };
    const request = tinyRequest({ model });
    const [segment, ...segments] = model.outline.segments;
    const layers = {
      ...request,
      model: { ...model.outline, segments: [{ ...segment, layers: [text] }, ...segments] },
    };
    const calls: readonly (readonly [string, unknown])[] = [
      [paths.join(run), { name: text, device: { ...device, backend: 'cpu' } }],
      [paths.join(run), { name: 'Ada', device }],
      [paths.runs, { ...request, spec: { ...request.spec, name: text } }],
      [paths.runs, { ...request, model: { ...model.outline, name: text } }],
      [paths.runs, layers],
      [paths.datasets, { name: text }],
    ];
    for (const [path, body] of calls) {
      const response = await responseOf(
        await fetch(client.origin + path, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
      );
      expect(response).toMatchObject({ status: 400, reason: 'malformed' });
      expect(response.detail).toContain(
        'a text is one line without control, direction or invisible characters',
      );
    }
    expect((await client.run(run)).view.volunteers).toEqual({});
  },
);

test('names in any script, and emoji, are names', async () => {
  const { client } = platform;
  const { run } = await createTinyRun(client);
  const names = ['می\u200cخواهم', '👩🏽\u200d💻', '葛\u{e0100}城', 'José'];
  for (const name of names) await joinRun(client, run, { name });
  const { volunteers } = (await client.run(run)).view;
  expect(
    Object.values(volunteers)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(names.toSorted());
});

test('why a lease was given back is told harmlessly', async () => {
  const { client } = platform;
  const { run } = await createTinyRun(client);
  const ada = await joinRun(client, run);
  const lease = await takeLease(client, run, ada);
  await client.release(run, lease.id, ada.token, `shader error\n\u001b[31m${'\u202e'.repeat(100)}`);
  const [ended] = await entriesOf(client, run, 'lease-ended');
  expect(ended?.why).toMatch(/^shader error\\u\{a\}\\u\{1b\}\[31m\\u\{202e\}/);
  expect(ended?.why.length).toBeLessThanOrEqual(200);
});

test('an update whose backend has such a name is refused, and a fall-back in such words is not', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const ada = await joinRun(client, tiny.run);
  const bad = train(client, tiny, ada, () => 0, { metrics: { ...trainingMetrics, backend: 'cpu\u001b' } });
  expect(await refusalOf(bad)).toMatchObject({ reason: 'bad-metrics' });
  await train(client, tiny, ada, () => 0, { metrics: { ...trainingMetrics, fallback: 'no\u001b card' } });
  expect((await client.run(tiny.run)).view.accepted).toBe(1);
});

test('a stranger writes no text of their own into the ledger: an update to what is no id leaves no entry', async () => {
  const { client } = platform;
  const { run } = await createTinyRun(client);
  const put = (lease: string) =>
    rawPut(client, paths.update(run, encodeURIComponent(lease)), Uint8Array.of(1), { token: 'forged' });
  for (const lease of [...strange, 'buy at example.com', 'a'.repeat(33)])
    expect(await put(lease)).toMatchObject({ status: 401, reason: 'unauthorised' });
  await put('nosuchlease');
  expect((await entriesOf(client, run, 'update-refused')).map(({ lease }) => lease)).toEqual(['nosuchlease']);
});
