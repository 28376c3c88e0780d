import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { timeLimits } from '../../../client/platform/time-limits.ts';
import { DecidedStore } from '../../../client/volunteer/decided-store.ts';
import {
  type KeptUpdate,
  nameOfKept,
  readUpdate,
  writeUpdate,
} from '../../../client/volunteer/outbox/kept-update.ts';
import { Outbox, type OutboxOptions } from '../../../client/volunteer/outbox/outbox.ts';
import type { OutboxStore } from '../../../client/volunteer/outbox/outbox-store.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';
import { keepsNothing, MemoryStore } from '../../support/memory-store.ts';

/** Nobody is there. */
const nowhere = 'http://127.0.0.1:9';
const limits = { ...timeLimits, callRetry: { first: [1, 2], last: [3, 4] } } as const;

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** @returns the origin of a server that replies so */
async function listen(reply: RequestListener): Promise<string> {
  const opened = createServer((request, response) => {
    request.resume();
    request.on('end', () => reply(request, response));
  });
  server = opened;
  await new Promise<void>(resolve => opened.listen(0, '127.0.0.1', resolve));
  const address = opened.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

const updateOf = (volunteer: string, lease: string, origin = nowhere): KeptUpdate => ({
  ...{ origin, run: 'abcdef', volunteer, lease, token: 'a.b.c' },
  ...{ envelope: new Uint8Array(10), leavings: {} },
});

const openOutbox = (device: MemoryOutbox, options: Partial<OutboxOptions> = {}): Outbox =>
  new Outbox({
    ...{ store: device.open().store, client: new HomeroomClient(nowhere), volunteer: 'ada123' },
    ...{ decided: new DecidedStore(keepsNothing), onUnsent: () => {}, onDropped: () => {} },
    ...{ onSetAside: () => {}, ...options },
  });

test('updates of others are sent one after another, for all at once may be more than a tab can hold', async () => {
  const device = new MemoryOutbox();
  const { store } = device.open();
  const others = [1, 2, 3, 4].map(number => updateOf('grace1', `lease${number}`));
  const own = updateOf('ada123', 'mine12');
  for (const update of [...others, own]) await store.put(nameOfKept(update), writeUpdate(update));
  const outbox = openOutbox(device);
  const found = await outbox.resume();
  expect(found.map(({ update }) => update.lease)).toEqual(['mine12']);
  const claimed = async (): Promise<number> => {
    const claims = await Promise.all([...device.kept.keys()].map(name => store.claim(name)));
    for (const letGo of claims) letGo?.();
    return claims.filter(letGo => letGo === null).length;
  };
  await vi.waitUntil(async () => (await claimed()) === 2);
  await found[0]?.tried;
  expect(await claimed()).toBe(2);
  await outbox.leave(0, AbortSignal.abort());
  expect(await claimed()).toBe(0);
  expect(device.kept.size).toBe(5);
});

/** Whose updates it is to read is told by the name alone. */
const readsOnly = (device: MemoryOutbox, names: readonly string[]): OutboxStore => {
  const { store } = device.open();
  const never = new Promise<undefined>(() => {});
  return { ...store, get: name => (names.includes(name) ? store.get(name) : never) };
};

test('what others have left is not read before it is known what is left of oneself', async () => {
  const device = new MemoryOutbox();
  const [mine, grace] = [updateOf('ada123', 'mine12'), updateOf('grace1', 'hers12')];
  for (const update of [grace, mine]) await device.open().store.put(nameOfKept(update), writeUpdate(update));
  const outbox = openOutbox(device, { store: readsOnly(device, [nameOfKept(mine)]) });
  expect((await outbox.resume()).map(({ update }) => update.lease)).toEqual(['mine12']);
});

test('what a release before this one has kept, by a name that does not say whose it is, is sent and goes', async () => {
  const origin = await listen((_, response) => void response.end('true'));
  const device = new MemoryOutbox();
  const { store } = device.open();
  for (const update of [updateOf('ada123', 'mine12', origin), updateOf('grace1', 'hers12', origin)])
    await store.put(nameOfKept(update).slice(0, 64), writeUpdate(update));
  const [sending] = await openOutbox(device, { client: new HomeroomClient(origin, { limits }) }).resume();
  expect(sending?.update.lease).toBe('mine12');
  expect(await sending?.outcome).toMatchObject({ decision: 'taken' });
  await vi.waitUntil(() => device.kept.size === 0);
});

describe('an update that is larger than all that may be kept', () => {
  const whole = { ...updateOf('ada123', 'large1'), leavings: { residual: new Uint8Array(3_000) } };
  /** @returns what is kept, and what is said of it */
  const keep = async (update: KeptUpdate, bytes: number): Promise<[KeptUpdate | null, string]> => {
    const device = new MemoryOutbox();
    let words = '';
    const onUnsent = (unsent: string | null): void => {
      words = unsent ?? '';
    };
    const outbox = openOutbox(device, { limits: { updates: 4, bytes }, onUnsent });
    outbox.send(update, () => false);
    const said = await vi.waitUntil(() => / is kept | \(/.test(words) && words);
    await outbox.leave(0, AbortSignal.abort());
    const [kept] = device.kept.values();
    return [kept ? readUpdate(kept.bytes) : null, said];
  };

  test('with what it leaves is kept without that, which starts anew once the update is taken', async () => {
    const [kept, words] = await keep(whole, 2_000);
    expect(kept).toEqual({ ...whole, leavings: { residual: new Uint8Array(0) } });
    expect(words).toContain('the update is kept');
  });

  test('without it too is said to be too large', async () => {
    const [kept, words] = await keep({ ...whole, envelope: new Uint8Array(2_500) }, 2_000);
    expect(kept).toBeNull();
    expect(words).toContain('cannot be kept on this device (it is too large)');
  });
});

describe('behind a proxy that lets no update pass', () => {
  const barring = async (): Promise<{ origin: string; seen: string[]; let: (isOpen: boolean) => void }> => {
    const seen: string[] = [];
    let isOpen = false;
    const origin = await listen(({ url = '' }, response) => {
      seen.push(url.split('/')[5] ?? '');
      if (isOpen) response.end('true');
      else response.writeHead(413).end('<html>');
    });
    return { origin, seen, let: open => (isOpen = open) };
  };
  const at = (origin: string): Partial<OutboxOptions> => ({ client: new HomeroomClient(origin, { limits }) });

  test('an update is set aside after some attempts, and sent at the next start', async () => {
    const { origin, seen, let: open } = await barring();
    const [device, told] = [new MemoryOutbox(), vi.fn()];
    const outbox = openOutbox(device, { ...at(origin), onSetAside: told });
    const { outcome } = outbox.send(updateOf('ada123', 'first1', origin), () => false);
    expect(await outcome).toMatchObject({ decision: 'open' });
    expect(seen).toEqual(Array(8).fill('first1'));
    expect(told).toHaveBeenLastCalledWith(
      'something on the way replies in the place of the platform (status 413); the update is kept and will be sent the next time this starts',
    );
    expect(device.kept.size).toBe(1);
    open(true);
    const [sending] = await openOutbox(device, at(origin)).resume();
    expect(await sending?.outcome).toMatchObject({ decision: 'taken' });
    expect(device.kept.size).toBe(0);
  });

  test('the next ones are tried once each, until the platform answers', async () => {
    const { origin, seen, let: open } = await barring();
    const told = vi.fn();
    const outbox = openOutbox(new MemoryOutbox(), { ...at(origin), onSetAside: told });
    const send = (lease: string) => outbox.send(updateOf('ada123', lease, origin), () => false).outcome;
    await send('first1');
    expect(await send('second')).toMatchObject({ decision: 'open' });
    expect(seen.filter(lease => lease === 'second')).toHaveLength(1);
    expect(told.mock.lastCall?.[0]).toMatch(/; 2 updates are kept/);
    open(true);
    expect(await send('third3')).toMatchObject({ decision: 'taken' });
    open(false);
    await send('fourth');
    expect(seen.filter(lease => lease === 'fourth')).toHaveLength(8);
  });

  test('one that cannot be kept is given up', async () => {
    const { origin } = await barring();
    const device = new MemoryOutbox();
    device.problem = 'the disk is full';
    const told = vi.fn();
    const outbox = openOutbox(device, { ...at(origin), onSetAside: told });
    const { outcome } = outbox.send(updateOf('ada123', 'first1', origin), () => false);
    expect(await outcome).toMatchObject({ decision: 'unknown' });
    expect(told).not.toHaveBeenCalled();
  });

  test('what went with an update that is set aside goes with no other one', async () => {
    const { origin, seen } = await barring();
    const store = new MemoryStore();
    await store.put('residual', Uint8Array.of(1));
    await store.put('of grace', Uint8Array.of(2));
    const decided = new DecidedStore(store);
    const device = new MemoryOutbox();
    const of = (volunteer: string, name: string): KeptUpdate => ({
      ...updateOf(volunteer, `of${volunteer}`, origin),
      leavings: { [name]: Uint8Array.of(3) },
    });
    const other = of('grace1', 'of grace');
    await device.open().store.put(nameOfKept(other), writeUpdate(other));
    const outbox = openOutbox(device, { ...at(origin), decided });
    await outbox.send(of('ada123', 'residual'), () => false).outcome;
    expect(await decided.get('residual')).toEqual(new Uint8Array(0));
    await outbox.resume();
    await vi.waitUntil(() => seen.includes('ofgrace1'));
    await vi.waitUntil(() => device.open().store.claim(nameOfKept(other)));
    // Grace may be at work in another tab.
    expect(await decided.get('of grace')).toEqual(Uint8Array.of(2));
  });
});
