import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { type EventBody, type RunEvent, runEventSchema } from '../../shared/protocol/events.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { Manifest } from '../../shared/protocol/model-outline.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { boundMs } from './patience.ts';

const POLL_MS = 20;
const LONGEST_MS = boundMs(15_000);

/** Asks until there is a result. @throws if none came within `limitMs` */
export async function until<T>(
  ask: () => Promise<T | null | undefined | false>,
  what: string,
  limitMs = LONGEST_MS,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    const result = await ask();
    if (result) return result;
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`waited ${limitMs} ms for ${what}`);
}

/** The view once it is so. */
export const viewWhen = (
  client: HomeroomClient,
  run: string,
  isSo: (view: RunView) => boolean,
  what: string,
): Promise<RunView> =>
  until(async () => {
    const { view } = await client.run(run);
    return isSo(view) && view;
  }, what);

export async function publishedVersion(
  client: HomeroomClient,
  run: string,
  version: number,
): Promise<Manifest> {
  await viewWhen(client, run, view => view.version >= version, `version ${version}`);
  return client.version(run, version);
}

/** The archive follows the version. */
export const archivedRound = (client: HomeroomClient, run: string, role: Role, round: number) =>
  until(async () => {
    const pieces = await client.archive(run, role, round);
    return pieces.length > 0 && pieces;
  }, `the archive of round ${round}`);

/** The whole ledger, page by page. */
export async function readLedger(client: HomeroomClient, run: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for (;;) {
    const page = await client.ledger(run, events.at(-1)?.seq ?? 0);
    // The platform is of this release, so all of it can be read.
    events.push(...runEventSchema.array().parse(page.events));
    if (page.events.length === 0) return events;
  }
}

export type BodyOf<T extends EventBody['type']> = Extract<EventBody, { type: T }>;

const isOf = <T extends EventBody['type']>(event: EventBody, type: T): event is BodyOf<T> =>
  event.type === type;

/** The ledger's entries of one type. */
export const entriesOf = async <T extends EventBody['type']>(
  client: HomeroomClient,
  run: string,
  type: T,
): Promise<BodyOf<T>[]> =>
  (await readLedger(client, run)).flatMap(({ event }) => (isOf(event, type) ? [event] : []));

/** The leases whose updates were accepted, in their order. */
export const acceptedLeases = async (client: HomeroomClient, run: string): Promise<string[]> =>
  (await entriesOf(client, run, 'update-accepted')).map(({ lease }) => lease);

/** The first lease of a run, once it is granted. */
export const firstLease = async (client: HomeroomClient, run: string): Promise<string> =>
  (await until(async () => (await entriesOf(client, run, 'lease-granted'))[0], 'a lease')).lease;
