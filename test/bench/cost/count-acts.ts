import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { packageRoot } from '../../../client/headless/package-root.ts';
import { type EventSocket, openSignalSocket, openViewSocket } from '../../../client/platform/event-socket.ts';
import type { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { TestPlatform } from '../../support/test-platform.ts';
import { createTinyRun, joinRun, type TinyRun, type TinyVolunteer } from '../../support/tiny-run.ts';
import { addCosts, type Cost, noCost, subtractCosts } from './cost.ts';
import { buildCountingWorker, readCosts } from './counting-worker.ts';

/** What is not a part of a round, each by itself. `idle minute` is of a relay whose sockets hear nothing. */
export const lonelyActs = [
  ...(['create', 'look at the list', 'download', 'open a page', 'join', 'listen', 'idle minute'] as const),
  'look ahead',
  // By now the coordinator has told the directory who is here.
  'poll in vain',
] as const;
export type LonelyAct = (typeof lonelyActs)[number];

/** Of each act, how often it was done and what that used in all. */
export type CountedActs = Readonly<Record<LonelyAct, Cost & { readonly times: number }>>;

/** So often each act is done. Most use the same each time; now and then one sets an alarm. */
const TIMES = 10;

/** After it nothing is on its way any more: batches go out four times a second, and reports wait for half a second. */
const SETTLED_MS = 2_000;

const MINUTE_MS = 60_000;

/** Does each act on a local workerd while nothing else happens, and tells what it used. It takes a minute and a half. */
export async function countActs(): Promise<CountedActs> {
  const script = join(packageRoot, '.cache/bench/counting-worker.js');
  await buildCountingWorker(script);
  const platform = new TestPlatform({}, { script });
  await platform.start();
  try {
    return await doAll(platform.client);
  } finally {
    await platform.remove();
  }
}

async function doAll(client: HomeroomClient): Promise<CountedActs> {
  const sockets: EventSocket[] = [];
  // Nobody is given work before more are there than ever join. So a lease asked for is a poll in vain.
  const spec = { plan: { name: 'conventional' }, policy: { minVolunteers: 500 } } as const;
  let tiny: TinyRun | null = null;
  const run = (): TinyRun => {
    if (!tiny) throw new Error('the run is created first');
    return tiny;
  };
  const volunteers: TinyVolunteer[] = [];
  const create = async (): Promise<void> => {
    tiny = await createTinyRun(client, { spec });
  };
  const join = async (): Promise<unknown> => volunteers.push(await joinRun(client, run().run));
  const acts: Record<LonelyAct, readonly [times: number, act: (i: number) => Promise<unknown>]> = {
    create: [TIMES, create],
    'look at the list': [TIMES, () => client.listRuns()],
    'open a page': [TIMES, async () => sockets.push(await openPage(client, run()))],
    join: [TIMES, join],
    listen: [TIMES, async i => sockets.push(await listen(client, run(), volunteers[i]))],
    'look ahead': [TIMES, () => client.version(run().run, 0)],
    'poll in vain': [TIMES, i => client.lease(run().run, volunteers[i]?.token ?? '')],
    download: [TIMES, () => client.getBlob(run().model.blobs[0]?.sha256 ?? '')],
    'idle minute': [1, () => rest(MINUTE_MS)],
  };
  const counted: [LonelyAct, Cost & { times: number }][] = [];
  for (const name of lonelyActs) counted.push([name, await countOne(client, ...acts[name])]);
  for (const socket of sockets) socket.close();
  return Object.fromEntries(counted) as unknown as CountedActs;
}

async function countOne(
  client: HomeroomClient,
  times: number,
  act: (i: number) => Promise<unknown>,
): Promise<Cost & { readonly times: number }> {
  const before = await total(client);
  for (let i = 0; i < times; i++) await act(i);
  await rest(SETTLED_MS);
  return { times, ...subtractCosts(await total(client), before) };
}

const total = async (client: HomeroomClient): Promise<Cost> =>
  Object.values(await readCosts(client.origin)).reduce(addCosts, noCost);

/** What a run's page asks for when it is opened (`client/web/state/live-run`, `client/web/try/download/take-away`). */
async function openPage(client: HomeroomClient, { run }: TinyRun): Promise<EventSocket> {
  const { view } = await client.run(run);
  await client.version(run, view.version);
  await client.keptVersions(run);
  return opened(onConnected => openViewSocket(client, run, view, () => {}, { onConnected }));
}

const listen = (client: HomeroomClient, { run }: TinyRun, volunteer?: TinyVolunteer): Promise<EventSocket> =>
  opened(onConnected =>
    openSignalSocket(client, run, volunteer?.token ?? '', { seq: 0, joined: 1 }, () => {}, { onConnected }),
  );

/** Resolves once the socket is open. */
const opened = (open: (onConnected: (isOn: boolean) => void) => EventSocket): Promise<EventSocket> =>
  new Promise(resolve => {
    const socket: EventSocket = open(isOn => isOn && resolve(socket));
  });
