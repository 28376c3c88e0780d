import { expect, test, vi } from 'vitest';
import { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { DecidedStore } from '../../../client/volunteer/decided-store.ts';
import { type KeptUpdate, nameOfKept, writeUpdate } from '../../../client/volunteer/outbox/kept-update.ts';
import { Outbox } from '../../../client/volunteer/outbox/outbox.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';
import { keepsNothing } from '../../support/memory-store.ts';

/** Nobody is there. */
const origin = 'http://127.0.0.1:9';

const updateOf = (volunteer: string, lease: string): KeptUpdate => ({
  ...{ origin, run: 'abcdef', volunteer, lease, token: 'a.b.c' },
  ...{ envelope: new Uint8Array(10), leavings: {} },
});

const openOutbox = (device: MemoryOutbox): Outbox =>
  new Outbox({
    ...{ store: device.open().store, client: new HomeroomClient(origin), volunteer: 'ada123' },
    ...{ decided: new DecidedStore(keepsNothing), onUnsent: () => {}, onDropped: () => {} },
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
