import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { PlatformProcess } from '../support/platform-process.ts';
import { readLedger } from '../support/poll.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, joinMany, takeLease } from '../support/tiny-run.ts';

let folder: string;
let platform: PlatformProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeroom-broken-'));
  platform = await PlatformProcess.start({ folder });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Says how long a body will be, sends a part of it, and is gone. */
async function breakOff(path: string, token: string, bytes: number): Promise<void> {
  const { hostname, port } = new URL(platform.origin);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(`PUT ${path} HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${token}\r\n`);
  socket.write(`content-length: ${bytes}\r\n\r\n`);
  await new Promise(resolve => socket.write(new Uint8Array(bytes / 4), resolve));
  // workerd hands a request on when its head has come.
  await new Promise(resolve => setTimeout(resolve, 300));
  socket.destroy();
}

test('a body that breaks off is nothing that the platform logs, and no refusal', async () => {
  const client = new HomeroomClient(platform.origin);
  const model = createTinyModel([600, 1_000]);
  const { run } = await createTinyRun(client, { model, spec: { plan: { name: 'conventional' } } });
  const [volunteer] = await joinMany(client, run, 1);
  if (!volunteer) throw new Error('one volunteer');
  const lease = await takeLease(client, run, volunteer);
  for (const bytes of [400_000, 1_200_000]) await breakOff(paths.update(run, lease.id), lease.token, bytes);
  for (const bytes of [100_000, 800_000]) await breakOff(paths.blob('0'.repeat(64)), '', bytes);
  const ledger = await readLedger(client, run);
  expect(ledger.filter(({ event }) => event.type === 'update-refused')).toEqual([]);
  await platform.stop();
  expect(platform.errors).toBe('');
});
