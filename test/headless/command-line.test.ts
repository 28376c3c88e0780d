import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../client/headless/commands/commands.ts';
import { packageRoot } from '../../client/headless/package-root.ts';

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const launcher = join(packageRoot, 'client/headless/homeroom.mjs');

/** Runs the command as `npx homeroom` does, by the file that package.json names. */
const run = (args: readonly string[], node = process.execPath): Promise<Ended> =>
  new Promise(resolve => {
    execFile(node, args, (error, stdout, stderr) =>
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });

describe('help', () => {
  it('lists every command with what it does', async () => {
    const { status, stdout, stderr } = await run([launcher, '--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const unfolded = stdout.replaceAll(/\s+/g, ' ');
    for (const { name, description } of commands) expect(unfolded).toContain(`${name} ${description}`);
  });

  it.each(commands.map(({ name }) => name))('of %s tells its flags, asked for either way', async name => {
    const [flag, word] = await Promise.all([run([launcher, name, '--help']), run([launcher, 'help', name])]);
    expect(flag).toEqual({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining(`Usage: npx homeroom ${name}`),
    });
    expect(word).toEqual(flag);
  });

  it.each([
    ['--help', 'commander'],
    ['start --help', 'commander'],
    ['demo --help', 'commander zod'],
  ])('comes without the libraries that only work needs: %s', async (args, packages) => {
    const hooks = join(packageRoot, 'test/support/list-modules.mjs');
    const { stderr } = await run(['--import', hooks, launcher, ...args.split(' ')]);
    expect(stderr).toBe(packages);
  });
});

describe('the command', () => {
  it('says that libraries are not installed in a fresh clone, and how to install them', async () => {
    const clone = mkdtempSync(join(tmpdir(), 'homeroom-clone-'));
    cpSync(launcher, join(clone, 'client/headless/homeroom.mjs'));
    const { status, stderr } = await run([join(clone, 'client/headless/homeroom.mjs'), '--help']);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'homeroom: its libraries are not installed: run `npm install` first\n',
    });
    rmSync(clone, { recursive: true });
  });

  const old = ['/usr/bin/node', '/usr/local/bin/node'].find(
    path =>
      existsSync(path) && Number(/^v(\d+)/.exec(execFileSync(path, ['-v'], { encoding: 'utf8' }))?.[1]) < 24,
  );
  it.runIf(old)('runs under an older Node of the machine, and keeps its exit status', async () => {
    const help = await run([launcher, '--help'], old);
    expect(help).toEqual(await run([launcher, '--help']));
    expect(await run([launcher, 'dance'], old)).toEqual({
      status: 2,
      stdout: '',
      stderr: "homeroom: unknown command 'dance' (`npx homeroom --help` tells how)\n",
    });
  });

  it.runIf(old)('under an older Node says that the newer one is not there, and how to get it', async () => {
    const clone = mkdtempSync(join(tmpdir(), 'homeroom-clone-'));
    cpSync(launcher, join(clone, 'client/headless/homeroom.mjs'));
    mkdirSync(join(clone, 'node_modules/commander'), { recursive: true });
    const { status, stderr } = await run([join(clone, 'client/headless/homeroom.mjs'), '--help'], old);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^homeroom: .*does not run here .*: run `npm install` again\n$/),
    });
    rmSync(clone, { recursive: true });
  });
});
