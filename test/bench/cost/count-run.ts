import { join } from 'node:path';
import { packageRoot } from '../../../client/headless/package-root.ts';
import { type EventSocket, openSignalSocket } from '../../../client/platform/event-socket.ts';
import type { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import type { Lease } from '../../../shared/protocol/lease.ts';
import { publishedVersion, viewWhen } from '../../support/poll.ts';
import { TestPlatform } from '../../support/test-platform.ts';
import { createTinyModel } from '../../support/tiny-model.ts';
import {
  createTinyRun,
  evaluationOf,
  joinMany,
  type TinyRun,
  type TinyVolunteer,
  updateOf,
} from '../../support/tiny-run.ts';
import type { Costs } from './cost.ts';
import { buildCountingWorker, readCosts } from './counting-worker.ts';

export interface CountSettings {
  readonly volunteers: number;
  readonly rounds: number;
  /** So many times everyone asks in vain in a round. */
  readonly polls: number;
}

export interface Counted extends CountSettings {
  /** Accepted updates, those of evaluators included. */
  readonly answers: number;
  readonly costs: Costs;
}

/** Drives one run on a local workerd by synthetic volunteers, and tells what it used. */
export async function countRun(settings: CountSettings): Promise<Counted> {
  const script = join(packageRoot, '.cache/bench/counting-worker.js');
  await buildCountingWorker(script);
  const platform = new TestPlatform({}, { script });
  await platform.start();
  try {
    const answers = await drive(platform.client, settings);
    return { ...settings, answers, costs: await readCosts(platform.client.origin) };
  } finally {
    await platform.remove();
  }
}

/** @returns how many updates were accepted */
async function drive(client: HomeroomClient, { volunteers, rounds, polls }: CountSettings): Promise<number> {
  const policy = { updatesPerRound: Math.min(500, volunteers), minVolunteers: volunteers, leaseMs: 600_000 };
  const spec = { rounds, plan: { name: 'conventional' }, policy } as const;
  const tiny = await createTinyRun(client, { model: createTinyModel(), spec });
  const all = await joinMany(client, tiny.run, volunteers);
  const sockets = await Promise.all(all.map(volunteer => listen(client, tiny.run, volunteer)));
  let answers = 0;
  for (let round = 1; round <= rounds; round++) {
    answers += await serve(client, tiny, all, polls);
    await publishedVersion(client, tiny.run, round);
  }
  answers += await serve(client, tiny, all, 0);
  await viewWhen(client, tiny.run, ({ phase }) => phase === 'finished', 'the end of the run');
  for (const socket of sockets) socket.close();
  return answers;
}

/** Opens a volunteer's event socket. It resolves once that is open. */
function listen(client: HomeroomClient, run: string, { token }: TinyVolunteer): Promise<EventSocket> {
  return new Promise(resolve => {
    const onConnected = (isOn: boolean): void => {
      if (isOn) resolve(socket);
    };
    const socket = openSignalSocket(client, run, token, { seq: 0, joined: 1 }, () => {}, { onConnected });
  });
}

/** Everyone takes a lease, some ask in vain, and everyone returns an update. So it goes until a version is out. */
async function serve(
  client: HomeroomClient,
  tiny: TinyRun,
  volunteers: readonly TinyVolunteer[],
  polls: number,
): Promise<number> {
  let answers = 0;
  for (let leases = await ask(client, tiny, volunteers); leases.length > 0; ) {
    const held = new Set(leases.map(({ token }) => token));
    const idle = volunteers.filter(({ token }) => !held.has(token));
    for (let poll = 0; poll < polls; poll++) await ask(client, tiny, idle);
    await Promise.all(leases.map(({ lease }) => answer(client, tiny, lease)));
    answers += leases.length;
    // Those whose turn it is to train have served. What is left is to judge.
    if (leases.every(({ lease }) => lease.split === 'train')) break;
    leases = await ask(client, tiny, volunteers);
  }
  return answers;
}

interface Held {
  readonly token: string;
  readonly lease: Lease;
}

async function ask(
  client: HomeroomClient,
  { run }: TinyRun,
  volunteers: readonly TinyVolunteer[],
): Promise<Held[]> {
  const held: Held[] = [];
  for (const { token } of volunteers) {
    const reply = await client.lease(run, token);
    if (reply.type === 'lease') held.push({ token, lease: reply.lease });
  }
  return held;
}

async function answer(client: HomeroomClient, { run, model }: TinyRun, lease: Lease): Promise<void> {
  const update =
    lease.split === 'test' ? evaluationOf(lease, lease.examples / 2) : updateOf(model, lease, () => 0.001);
  await client.putUpdate(run, lease.id, lease.token, update);
}
