import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createNonce } from '../../client/platform/create-nonce.ts';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { RunHost } from '../../client/platform/run-host.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { FrameSocket } from '../support/frame-socket.ts';
import { PlatformProcess } from '../support/platform-process.ts';
import { readLedger } from '../support/poll.ts';
import { createTinyRun, joinRun, takeLease, train } from '../support/tiny-run.ts';

let folder: string;
let platform: PlatformProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeroom-secrets-'));
  platform = await PlatformProcess.start({ folder });
});
afterAll(async () => {
  await platform.stop();
  await rm(folder, { recursive: true });
});

const HOUR_MS = 3_600_000;
const JOIN_CODE = 'sesame-of-room-12';

/** A run in which every kind of secret is used, rightly and wrongly. */
async function playEverything(client: HomeroomClient) {
  const tiny = await createTinyRun(client, { joinCode: JOIN_CODE });
  const { run } = tiny;
  const renewed = await new RunHost(client, run, tiny.hostKey).renewHostKey(createNonce());
  const host = new RunHost(client, run, renewed);
  const { key, id } = await host.makeKey({ label: 'Ann', lastsMs: HOUR_MS });
  const volunteer = await joinRun(client, run, { code: JOIN_CODE });
  const referee = await joinRun(client, run, {}, key);
  await train(client, tiny, volunteer, () => 0.25);
  const lease = await takeLease(client, run, referee);
  const deploymentKey = await readFile(join(folder, 'deployment-key'), 'utf8');
  const secrets = {
    ...{ joinCode: JOIN_CODE, hostKey: tiny.hostKey, renewed, key, deploymentKey, lease: lease.token },
    ...{ volunteer: volunteer.token, referee: referee.token },
    tokenSecret: await readFile(join(folder, 'token-secret'), 'utf8'),
  };
  return { run, host, id, referee, secrets };
}

type Played = Awaited<ReturnType<typeof playEverything>>;

/** Everything shown in the wrong place, alone and within other text. What the platform says to it. */
async function misuse(origin: string, { run, secrets }: Played): Promise<string[]> {
  const routes = [
    ['POST', paths.runs],
    ['POST', paths.control(run)],
    ['POST', paths.join(run)],
    ['POST', paths.leases(run)],
    ['POST', paths.keys(run)],
    ['POST', paths.hostKey(run)],
    ['POST', paths.datasets],
    ['PUT', paths.update(run, 'abcdefgh')],
    ['DELETE', paths.volunteer(run, 'abcdefgh')],
    ['GET', paths.keys(run)],
  ] as const;
  const replies: string[] = [];
  for (const secret of Object.values(secrets))
    for (const [method, path] of routes) {
      const body = JSON.stringify({
        name: secret,
        code: `${secret}x`,
        action: secret,
        label: secret,
        nonce: secret,
      });
      const headers = { authorization: `Bearer ${secret}x`, 'content-type': 'application/json' };
      const response = await fetch(origin + path, { method, headers, ...(method !== 'GET' && { body }) });
      replies.push(JSON.stringify([...response.headers]), await response.text());
    }
  return replies;
}

test('no secret is in the ledger, a view, an event, an error, a header or the log', async () => {
  const client = new HomeroomClient(platform.origin);
  const played = await playEverything(client);
  const { run, host, id, referee, secrets } = played;
  const said = await misuse(platform.origin, played);
  await host.removeVolunteer(referee.volunteer);
  await host.revokeKey(id);
  const heard = FrameSocket.ofView(client, run);
  await heard.viewWhen(({ seq }) => seq > 0, 'the view');
  heard.close();
  const told = {
    replies: said,
    ledger: await readLedger(client, run),
    info: await client.run(run),
    runs: await client.listRuns(),
    events: heard.frames,
    log: platform.errors,
  };
  expect(told.ledger.length).toBeGreaterThan(5);
  for (const [where, text] of Object.entries(told))
    for (const [name, secret] of Object.entries(secrets))
      expect(JSON.stringify(text).includes(secret), `${name} in ${where}`).toBe(false);
});
