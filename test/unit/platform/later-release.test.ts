import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { openEventSocket, openSignalSocket, openViewSocket } from '../../../client/platform/event-socket.ts';
import { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { timeLimits } from '../../../client/platform/time-limits.ts';
import type { RunEvent } from '../../../shared/protocol/events.ts';
import type { News, Signal } from '../../../shared/protocol/frames.ts';
import { keyListSchema } from '../../../shared/protocol/keys.ts';
import { datasetListSchema } from '../../../shared/protocol/messages.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { emptyView } from '../../../shared/view/empty-view.ts';
import { until } from '../../support/poll.ts';
import { openTellingPlatform } from '../../support/telling-platform.ts';
import { smallSpec } from '../federation/small-run.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const opened = { seq: 1, at: 10, event: { type: 'run-opened' as const } };
const finished = { seq: 4, at: 40, event: { type: 'run-finished' as const, why: 'host' as const } };
/** What a ledger of a later release may hold: another type, another value, and one more field. */
const entries = [
  opened,
  { seq: 2, at: 20, event: { type: 'place-lent', to: 'Ada' } },
  { seq: 3, at: 30, event: { type: 'run-paused', why: 'full-moon' } },
  { ...finished, by: 'Ada', event: { ...finished.event, mood: 'glad' } },
];
const refusal = { seq: 3, at: 30, volunteer: null, role: null, reason: 'late' as const };
const laterRefusal = { ...refusal, seq: 4, reason: 'full-moon' };

/** A client of a platform that tells each of its sockets these messages. */
async function tell(messages: readonly unknown[], closes = false) {
  const platform = await openTellingPlatform(
    messages.map(message => JSON.stringify(message)),
    { closes },
  );
  closing.push(platform.close);
  const limits = { ...timeLimits, socketRetry: { first: [10, 20], last: [25, 50] } as const };
  return { client: new HomeroomClient(platform.origin, { limits }), opened: platform.opened };
}

test('[EVENT7] a reader of entries hears those it knows, and comes back after those it does not', async () => {
  const platform = await tell([entries.slice(0, 3)], true);
  const heard: RunEvent[] = [];
  const socket = openEventSocket(platform.client, 'run', 0, events => heard.push(...events));
  closing.push(() => socket.close());
  await until(async () => platform.opened.length > 1, 'the next connection');
  expect(platform.opened[1]?.url).toContain('after=3');
  expect(heard).toEqual([opened]);
});

test('[EVENT7] an entry with one more field is heard as it is known', async () => {
  const { client } = await tell([entries]);
  const heard: RunEvent[] = [];
  const socket = openEventSocket(client, 'run', 1, events => heard.push(...events));
  closing.push(() => socket.close());
  await until(async () => heard.length > 0, 'an entry');
  expect(heard).toEqual([finished]);
});

test('[EVENT7] a page of the ledger keeps the place of what it cannot read', async () => {
  const server = createServer((_, response) => response.end(JSON.stringify({ events: entries, last: 4 })));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  const address = server.address();
  const client = new HomeroomClient(
    `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`,
  );
  expect(await client.ledger('run', 0)).toEqual({
    events: [
      opened,
      { seq: 2, at: 20, event: { type: 'unknown', was: 'place-lent' } },
      { seq: 3, at: 30, event: { type: 'unknown', was: 'run-paused' } },
      finished,
    ],
    last: 4,
    first: 1,
  });
});

test('[EVENT7] who looks on sees views and changes without the entries and refusals that are not known', async () => {
  const changes = { seq: 5, fields: { accepted: 7, mood: 'glad' }, volunteers: [], unlisted: [] };
  const { client } = await tell([
    {
      ...{ type: 'view', latest: entries, names: {}, mood: 'glad' },
      view: { ...emptyView(), seq: 4, refusals: [laterRefusal, refusal] },
    },
    { type: 'weather', sky: 'blue' },
    {
      ...{ type: 'changes', from: 4, latest: [entries[1]], names: {} },
      changes: { ...changes, rounds: [], leftOut: [], refusals: [laterRefusal] },
    },
  ]);
  const heard: { view: RunView; news: News }[] = [];
  const socket = openViewSocket(client, 'run', emptyView(), (view, news) => heard.push({ view, news }));
  closing.push(() => socket.close());
  await until(async () => heard.length === 2, 'a view and a change');
  expect(heard.map(({ news }) => news.latest)).toEqual([[opened, finished], []]);
  expect(heard.map(({ view }) => view)).toEqual([
    { ...emptyView(), seq: 4, refusals: [refusal] },
    { ...emptyView(), seq: 5, accepted: 7, refusals: [refusal] },
  ]);
});

/** Values that this release does not know, wherever a view has values of a list. */
const laterVolunteer = {
  ...{
    volunteer: 'later0',
    index: 0,
    name: 'Ada',
    backend: 'wasm',
    referee: true,
    role: 'checker',
    lease: 'lease1',
  },
  ...{ next: { role: 'checker', lease: 'lease2' }, samplesPerSecond: 1, updates: 2, refused: 0, seenAt: 5 },
  standing: { value: 0.4, version: 3, why: 'full-moon' },
};
const laterRound = {
  ...emptyView().current,
  ...{ updates: { whole: 2, checker: 1 }, loss: { checker: 1 } },
  fallback: { whole: 'full-moon-mean', student: 'clipped-mean', checker: 'clipped-mean' },
};
const laterValues = {
  phase: 'rehearsing',
  takenBack: { from: 3, to: 1, round: 4, why: 'check', detail: 'it hurt' },
  goals: { whole: 4, checker: 1 },
  atWork: { checker: 1 },
  unfit: { checker: { memoryMB: 1, macsPerSecond: 1 } },
  upcoming: { 5: { checker: 1, whole: 1 } },
  current: laterRound,
};
const readValues = {
  phase: 'paused' as const,
  takenBack: { ...laterValues.takenBack, why: null },
  goals: { whole: 4 },
  atWork: {},
  unfit: {},
  upcoming: { 5: { whole: 1 } },
  current: { ...laterRound, updates: { whole: 2 }, loss: {}, fallback: { student: 'clipped-mean' as const } },
};
const readVolunteer = {
  ...{ ...laterVolunteer, role: null, next: null },
  standing: { ...laterVolunteer.standing, why: undefined },
};

test('[EVENT7] a value of a later release costs who looks on that value, and nothing else of the view', async () => {
  const { takenBack, ...others } = laterValues;
  const { client } = await tell([
    {
      ...{ type: 'view', latest: [], names: {} },
      view: {
        ...{ ...emptyView(), ...laterValues, seq: 4 },
        ...{ rounds: [laterRound], volunteers: { later0: laterVolunteer } },
      },
    },
    {
      ...{ type: 'changes', from: 4, latest: [], names: {} },
      changes: {
        ...{
          seq: 5,
          fields: { ...others, takenBack: { ...takenBack, round: 6 } },
          unlisted: [],
          leftOut: [],
        },
        ...{ volunteers: [{ ...laterVolunteer, updates: 3 }], rounds: [], refusals: [] },
      },
    },
    {
      ...{ type: 'changes', from: 5, latest: [], names: {} },
      changes: { seq: 6, fields: {}, volunteers: [], unlisted: [], rounds: [], leftOut: [], refusals: [] },
    },
  ]);
  const heard: RunView[] = [];
  const socket = openViewSocket(client, 'run', emptyView(), view => heard.push(view));
  closing.push(() => socket.close());
  await until(async () => heard.length === 3, 'a view and two changes');
  const first = {
    ...{ ...emptyView(), ...readValues, seq: 4 },
    ...{ rounds: [readValues.current], volunteers: { later0: readVolunteer } },
  };
  const second = {
    ...{ ...first, seq: 5, takenBack: { ...readValues.takenBack, round: 6 } },
    volunteers: { later0: { ...readVolunteer, updates: 3 } },
  };
  expect(heard).toEqual([first, second, { ...second, seq: 6 }]);
});

test('[EVENT7] a list of keys or of data sets has what this release knows of it', () => {
  const keys = [{ id: 'key001', caller: 'auditor', label: 'Ada', madeAt: 1, endsAt: 2 }];
  expect(keyListSchema.parse({ keys })).toEqual({ keys });
  const { dataset } = smallSpec({});
  expect(datasetListSchema.parse({ datasets: [{ kind: 'streamed', name: 'sky' }, dataset] })).toEqual({
    datasets: [dataset],
  });
});

test('[EVENT7] a volunteer is woken for a reason that is not known', async () => {
  const signal = {
    ...{ type: 'signal' as const, seq: 9, phase: 'open' as const, round: 2, version: 1, joined: 3 },
    ...{ allServed: false, chance: 1 },
  };
  const { client } = await tell([{ ...signal, wakes: ['place-lent'], mood: 'glad' }]);
  const heard: Signal[] = [];
  const socket = openSignalSocket(client, 'run', 'token', { seq: 9, joined: 3 }, said => heard.push(said));
  closing.push(() => socket.close());
  await until(async () => heard.length > 0, 'a signal');
  expect(heard).toEqual([{ ...signal, wakes: ['missed'] }]);
});
