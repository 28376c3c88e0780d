import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { packageRoot } from '../../client/headless/package-root.ts';
import { claimPlace } from '../../client/headless/volunteer/volunteer-place.ts';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { runPage } from '../../shared/protocol/paths.ts';
import { PlatformProcess } from '../support/platform-process.ts';
import { until } from '../support/poll.ts';
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

describe('a referee in a terminal', () => {
  /** Joins in a process, until the run is over. */
  async function joins(
    run: string,
    hostKey: string,
    variables: Readonly<Record<string, string>>,
    args = ['--referee'],
  ) {
    const name = `Ref ${args.length}`;
    const asked = ['join', linkOf(run), '--name', name, '--backend', 'cpu', ...args];
    const joining = runHomeroom(asked, { variables });
    const isIn = async () =>
      Object.values((await client.run(run)).view.volunteers).find(volunteer => volunteer.name === name);
    const joined = await until(isIn, 'the referee');
    await client.control(run, 'finish', hostKey);
    return { joined, ended: await joining };
  }

  test('[KEY1] joins with a key that is in no argument', async () => {
    const { run, hostKey } = await createTinyRun(client, { joinCode: 'sesame' });
    const { joined, ended } = await joins(run, hostKey, { HOMEROOM_KEY: hostKey });
    expect(joined.referee).toBe(true);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(ended.stdout).not.toContain(hostKey);
  });

  test('shows a key that lies in the variable to no platform unless it is asked to', async () => {
    const { run, hostKey } = await createTinyRun(client);
    const { joined } = await joins(run, hostKey, { HOMEROOM_KEY: hostKey }, []);
    expect(joined.referee).toBe(false);
  });

  test('[KEY3] with a key that is none is told so and does not join, and with the right one is a referee afterwards', async () => {
    const { run, hostKey } = await createTinyRun(client);
    const asked = ['join', linkOf(run), '--name', 'Ref 1', '--backend', 'cpu', '--referee'];
    const wrong = await runHomeroom(asked, { variables: { HOMEROOM_KEY: 'f'.repeat(64) } });
    expect(wrong).toMatchObject({ status: 2 });
    expect(wrong.stderr.trim()).toMatch(
      /^homeroom: .*none of this run’s referees’ keys.*Ask the host[^\n]*$/,
    );
    expect((await client.run(run)).view.volunteers).toEqual({});
    const { joined } = await joins(run, hostKey, { HOMEROOM_KEY: hostKey });
    expect(joined.referee).toBe(true);
  });

  test('that a former release let in as an ordinary volunteer, by the same name, joins anew as referee', async () => {
    const { run, hostKey } = await createTinyRun(client);
    const known = await joinRun(client, run);
    const places = join(packageRoot, '.homeroom/cache-volunteers');
    const device = 'cpu, 1 threads, 0 MB, referee';
    const place = await claimPlace(places, { origin: client.origin, run, name: 'Ref 3', device });
    place.write(known);
    place.letGo();
    const args = ['--referee', '--threads', '1'];
    const { joined } = await joins(run, hostKey, { HOMEROOM_KEY: hostKey }, args);
    expect(joined).toMatchObject({ referee: true });
    expect(joined.volunteer).not.toBe(known.volunteer);
  });

  test('is told where the key belongs', async () => {
    const { run } = await createTinyRun(client);
    const asked = runHomeroom(['join', linkOf(run), '--referee'], { variables: { HOMEROOM_KEY: '' } });
    const { status, stderr } = await asked;
    expect(status).toBe(2);
    expect(stderr).toContain('--referee takes the key from HOMEROOM_KEY');
  });
});

test('[CHECK1] [BACK5] a run is created with the checks and the fall that its host asks for, and the command to be its referee shows no key to other users', async () => {
  const asked = ['--check', 'always', '--max-drop', '0.1', '--rounds', '2', '--json'];
  const { stdout, stderr } = await runHomeroom([
    ...['create', '--to', platform.origin, '--model', 'cnn-tiny', ...asked],
  ]);
  const { run, hostKey } = z.object({ run: z.string(), hostKey: z.string() }).parse(JSON.parse(stdout));
  expect((await client.run(run)).spec.policy).toMatchObject({ check: 'always', maxDrop: 0.1 });
  const [, variables, command = ''] = /To be one: (\S+=\S+) (npx homeroom .*)$/m.exec(stderr) ?? [];
  expect(variables).toBe(`HOMEROOM_KEY=${hostKey}`);
  expect(command).toBe(`npx homeroom join --referee "${linkOf(run)}"`);
});
