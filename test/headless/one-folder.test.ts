import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Platform, startPlatform } from '../../client/headless/local-platform/local-platform.ts';
import { packageRoot } from '../../client/headless/package-root.ts';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { until } from '../support/poll.ts';
import { runHomeroom } from '../support/run-homeroom.ts';
import { createTinyRun, joinRun } from '../support/tiny-run.ts';

let folder: string;
let running: Platform[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeroom-folder-'));
  running = [];
});

afterEach(async () => {
  await stopAll();
  await rm(folder, { recursive: true });
});

async function start(): Promise<Platform> {
  const platform = await startPlatform({ folder, port: 0, pages: false });
  running.push(platform);
  return platform;
}

async function stopAll(): Promise<void> {
  for (const platform of running.splice(0)) await platform.stop();
}

test('a second platform on one folder is refused until the first one has stopped', async () => {
  const first = await start();
  await expect(start()).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining(
      `${folder} is in use by ${first.origin} (process ${process.pid}, since `,
    ),
  });
  const { run } = await createTinyRun(new HomeroomClient(first.origin));
  await stopAll();
  const second = await start();
  expect((await new HomeroomClient(second.origin).run(run)).view.phase).toBe('open');
});

test('of two platforms that start on one new folder at once, one serves', async () => {
  const ends = await Promise.allSettled([start(), start()]);
  const [loser, ...others] = ends.flatMap(end => (end.status === 'rejected' ? [end.reason] : []));
  expect(loser).toMatchObject({ name: 'UsageError' });
  expect(others).toEqual([]);
});

test('a build beside a platform that serves changes none of its pages before the next start', async () => {
  const builtPages = join(folder, 'built');
  await cp(join(packageRoot, 'dist/web'), builtPages, { recursive: true });
  const data = join(folder, 'data');
  const platform = await startPlatform({ folder: data, port: 0, pages: true, builtPages });
  running.push(platform);
  const page = await (await fetch(platform.origin)).text();
  const script = /assets\/index-[\w-]+\.js/.exec(page)?.[0];
  await rm(builtPages, { recursive: true });
  await mkdir(builtPages);
  await writeFile(join(builtPages, 'index.html'), 'the next build');
  expect(await (await fetch(platform.origin)).text()).toBe(page);
  const loaded = await fetch(`${platform.origin}/${script}`);
  expect([loaded.status, loaded.headers.get('content-type')]).toEqual([
    200,
    expect.stringContaining('javascript'),
  ]);
  await stopAll();
  const next = await startPlatform({ folder: data, port: 0, pages: true, builtPages });
  running.push(next);
  expect(await (await fetch(next.origin)).text()).toBe('the next build');
});

test('a platform that npm has started ends with npm, and another one may take its port', async () => {
  const npm = spawn('npm', ['start', '--', '--port', '0', '--folder', folder], { cwd: packageRoot });
  let said = '';
  npm.stdout.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const origin = await until(async () => /Homeroom is up: (\S+)/.exec(said)?.[1], 'the platform');
  const gone = new Promise(resolve => npm.once('close', resolve));
  npm.kill('SIGTERM');
  // The command holds the pipe of its output until it ends.
  await gone;
  await expect(fetch(origin)).rejects.toThrow();
  await start();
});

describe('a platform in a process of its own', () => {
  let command: ChildProcess;
  let origin: string;

  /** The command as people start it, once it says where it is. */
  beforeEach(async () => {
    const home = join(packageRoot, 'client/headless/homeroom.mjs');
    command = spawn(process.execPath, [home, 'start', '--port', '0', '--folder', folder]);
    let said = '';
    command.stdout?.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    origin = await until(async () => /Homeroom is up: (\S+)/.exec(said)?.[1], 'the platform');
  });

  afterEach(() => void command.kill('SIGKILL'));

  /** Ends the command, and waits until it is gone. */
  const ended = (signal: 'SIGKILL' | 'SIGINT'): Promise<unknown> => {
    const gone = new Promise(resolve => command.once('exit', resolve));
    command.kill(signal);
    return gone;
  };

  const isServed = (): Promise<boolean> =>
    fetch(`${origin}/api/runs`).then(
      response => response.ok,
      () => false,
    );

  test('takes its workerd with it if it is killed, and the next one goes on with its runs and says so', async () => {
    const { run } = await createTinyRun(new HomeroomClient(origin));
    const { pid } = command;
    await ended('SIGKILL');
    const next = await start();
    expect(await isServed()).toBe(false);
    expect(next.takenOver).toContain(`${folder} (process ${pid}, since `);
    expect((await new HomeroomClient(next.origin).run(run)).view.phase).toBe('open');
  });

  test('is followed by the next one in the instant in which it is killed', async () => {
    command.kill('SIGKILL');
    expect((await start()).takenOver).toContain(`(process ${command.pid}, since `);
  });

  test('is not said to have been left by one that was stopped', async () => {
    await ended('SIGINT');
    expect((await start()).takenOver).toBeNull();
  });

  test('is named to whoever starts a second one, by its address and process', async () => {
    const { status, stderr } = await runHomeroom(['start', '--port', '0', '--folder', folder]);
    expect({ status, lines: stderr.trim().split('\n').length }).toEqual({ status: 2, lines: 1 });
    expect(stderr).toContain(`is in use by ${origin} (process ${command.pid}, since `);
    expect(stderr).toContain(
      `open that, or stop it with \`kill ${command.pid}\`, or choose another folder with --folder`,
    );
  });
});

test('what an owner has written who is gone, and whose number is another process by now, names nobody', async () => {
  const first = await start();
  const path = join(folder, 'owner.json');
  const owner = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(
    path,
    JSON.stringify({ ...owner, process: { ...owner.process, mark: 'of another start' } }),
  );
  await expect(start()).rejects.toThrow(`${folder} is in use by another platform: stop it`);
  await expect(start()).rejects.not.toThrow(first.origin);
  await writeFile(path, '{"pid":');
  await expect(start()).rejects.toThrow(`${folder} is in use by another platform: stop it`);
});

describe('a folder that cannot be used is named in one line', () => {
  const lock = (): string => join(folder, 'lock');

  test.each([
    ['a lock that is garbage', () => writeFile(lock(), 'x'.repeat(3_000)), 'lock cannot be locked'],
    ['a lock that is a folder', () => mkdir(lock()), 'lock cannot be locked'],
    ['a secret that is a folder', () => mkdir(join(folder, 'token-secret')), 'cannot keep data in'],
    ['objects that are a file', () => writeFile(join(folder, 'objects'), ''), 'cannot keep data in'],
  ])('%s', async (_, spoil, words) => {
    await spoil();
    const refusal = await start().then(
      () => null,
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({ name: 'UsageError', message: expect.stringContaining(words) });
    expect(refusal).toMatchObject({ message: expect.stringContaining(folder) });
  });

  test('and is let go: once it is mended, it serves', async () => {
    await writeFile(join(folder, 'objects'), '');
    await expect(start()).rejects.toThrow('cannot keep data in');
    await rm(join(folder, 'objects'));
    await start();
  });
});

test('whatever lies in the place of the owner’s name, a platform starts, says it harmlessly, and stops', async () => {
  const path = join(folder, 'owner.json');
  const steering = { process: { pid: 1, mark: 'x' }, since: '\u001b[2J', address: '\u001b]0;', engine: null };
  await writeFile(path, JSON.stringify(steering));
  expect((await start()).takenOver).toContain('since \\u{1b}[2J)');
  await stopAll();
  await mkdir(path);
  await start();
  await stopAll();
  expect((await stat(path)).isDirectory()).toBe(true);
  await start();
});

test('a secret whose write was broken off is made anew', async () => {
  const path = join(folder, 'token-secret');
  await writeFile(path, '');
  const { origin } = await start();
  const client = new HomeroomClient(origin);
  const { run } = await createTinyRun(client);
  await joinRun(client, run);
  expect(await readFile(path, 'utf8')).toMatch(/^[0-9a-f]{64}$/);
  expect((await stat(path)).mode & 0o077).toBe(0);
});
