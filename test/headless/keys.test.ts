import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { runPage } from '../../shared/protocol/paths.ts';
import { PlatformProcess } from '../support/platform-process.ts';
import { runHomeroom } from '../support/run-homeroom.ts';
import { createTinyRun, joinRun, refusalOf } from '../support/tiny-run.ts';

let folder: string;
let platform: PlatformProcess;
let client: HomeroomClient;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeroom-keys-'));
  platform = await PlatformProcess.start({ folder });
  client = new HomeroomClient(platform.origin);
});
afterAll(async () => {
  await platform.stop();
  await rm(folder, { recursive: true });
});

const madeSchema = z.object({ id: z.string(), key: z.string(), link: z.string() });
const linkOf = (run: string): string => platform.origin + runPage(run);

describe('the host of a run, in a terminal', () => {
  test('[KEY1] makes a referee’s key, lists and revokes it', async () => {
    const { run, hostKey } = await createTinyRun(client);
    const asHost = ['--key', hostKey];
    const args = ['--label', 'Ann', '--expires', '2h', '--json', ...asHost];
    const made = await runHomeroom(['key', 'make', linkOf(run), ...args]);
    const { id, key, link } = madeSchema.parse(JSON.parse(made.stdout));
    expect(link).toBe(`${linkOf(run)}?key=${key}`);
    const { volunteer } = await joinRun(client, run, {}, key);
    expect((await client.run(run)).view.volunteers[volunteer]?.referee).toBe(true);
    const listed = await runHomeroom(['key', 'list', linkOf(run), ...asHost]);
    expect(listed.stdout).toMatch(new RegExp(`${id} +referee .*Ann`));
    expect(listed.stdout).not.toContain(key);
    expect((await runHomeroom(['key', 'revoke', linkOf(run), id, ...asHost])).status).toBe(0);
    expect((await runHomeroom(['key', 'list', linkOf(run), ...asHost])).stdout).toContain('no keys');
  });

  test('[KEY4] renews the host key, which it had lost: the platform is its own', async () => {
    const { run, hostKey } = await createTinyRun(client);
    const { stdout } = await runHomeroom(['key', 'renew', linkOf(run), '--folder', folder]);
    const [, renewed = ''] = /^Host key {3}([0-9a-f]{64})$/m.exec(stdout) ?? [];
    expect(await refusalOf(client.control(run, 'pause', hostKey))).toMatchObject({ reason: 'forbidden' });
    await client.control(run, 'pause', renewed);
  });

  test('[KEY2] removes a volunteer by a name that one alone has, else by its id', async () => {
    const { run, hostKey } = await createTinyRun(client);
    const one = await joinRun(client, run, { name: 'Eve' });
    const remove = (who: string) => runHomeroom(['remove', linkOf(run), who, '--key', hostKey]);
    const other = await joinRun(client, run, { name: 'Eve' });
    const asked = await remove('Eve');
    expect(asked).toMatchObject({ status: 2, stdout: '' });
    expect(asked.stderr).toMatch(new RegExp(`2 volunteers are called Eve.*${one.volunteer}`));
    expect((await remove(other.volunteer)).status).toBe(0);
    expect((await remove('Eve')).stdout).toMatch(/^Removed Eve\./);
    for (const { token } of [one, other])
      expect(await refusalOf(client.lease(run, token))).toMatchObject({ reason: 'removed' });
  });
});

test('a volunteer in a terminal that was removed is told so, in one line', async () => {
  const { run, hostKey } = await createTinyRun(client);
  const joining = runHomeroom(['join', linkOf(run), '--name', 'Eve of the keys', '--backend', 'cpu']);
  for (;;) {
    const [eve] = Object.keys((await client.run(run)).view.volunteers);
    if (eve !== undefined) break;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  await runHomeroom(['remove', linkOf(run), 'Eve of the keys', '--key', hostKey]);
  const { status, stderr } = await joining;
  expect(status).toBe(2);
  expect(stderr.trim()).toBe('homeroom: the host has removed this volunteer from the run');
});
