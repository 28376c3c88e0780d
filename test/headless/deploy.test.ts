import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { packageRoot } from '../../client/headless/package-root.ts';
import { CloudflareApi } from '../support/cloudflare-api.ts';
import { boundMs } from '../support/patience.ts';

let api: CloudflareApi;
let env: Readonly<Record<string, string>>;
beforeEach(async () => {
  api = new CloudflareApi();
  env = await api.start();
});
afterEach(() => api.stop());

interface Deployed {
  readonly status: number | null;
  readonly output: string;
  /** The last line of what went wrong. */
  readonly error: string;
}

/** `npm run deploy` without the build, which the suite has made. */
async function deploy(args: readonly string[] = [], asked = env): Promise<Deployed> {
  const script = join(packageRoot, 'client/headless/deploy/deploy.ts');
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...asked },
  });
  let [output, error] = ['', ''];
  child.stdout.on('data', chunk => (output += chunk));
  child.stderr.on('data', chunk => (error += chunk));
  const status = await new Promise<number | null>(resolve => child.on('close', resolve));
  return {
    status,
    output,
    error:
      error
        .trim()
        .split('\n')
        .findLast(line => line.startsWith('homeroom:')) ?? '',
  };
}

const bindingOf = (worker: string, name: string): unknown =>
  api.account.workers.get(worker)?.bindings.find(binding => binding.name === name);

it('makes what the account lacks, sends the Worker, and ends with the link of the claim', async () => {
  const { status, output } = await deploy();
  expect(status).toBe(0);
  expect(output.trim().split('\n').at(-1)).toMatch(
    /^https:\/\/homeroom\.school\.workers\.dev\/#\/claim\/[0-9a-f]{64}$/,
  );
  expect(api.account).toMatchObject({
    buckets: ['homeroom-blobs'],
    databases: [{ name: 'homeroom-directory' }],
  });
  expect(bindingOf('homeroom', 'DIRECTORY')).toMatchObject({ id: 'id-of-homeroom-directory' });
  // The claim itself goes nowhere: the Worker has its hash.
  const claim = output.trim().split('/').at(-1) ?? '';
  expect(JSON.stringify(api.account.workers.get('homeroom'))).not.toContain(claim);
  expect(existsSync(join(packageRoot, '.homeroom-deploy.json'))).toBe(false);
});

it('goes on where it was broken off, and makes nothing twice', async () => {
  api.account.breaksOff = true;
  expect((await deploy()).status).toBe(2);
  expect(api.account.workers.size).toBe(0);
  expect((await deploy()).status).toBe(0);
  expect((await deploy()).status).toBe(0);
  expect(api.account).toMatchObject({ buckets: [expect.anything()], databases: [expect.anything()] });
});

it('has a bucket and a database of its own for each name', async () => {
  await deploy();
  expect((await deploy(['--name', 'physics-7'])).status).toBe(0);
  expect(api.account.buckets).toEqual(['homeroom-blobs', 'physics-7-blobs']);
  expect(bindingOf('physics-7', 'BLOBS')).toMatchObject({ bucket_name: 'physics-7-blobs' });
  expect(bindingOf('physics-7', 'DIRECTORY')).toMatchObject({ id: 'id-of-physics-7-directory' });
});

it('does without R2 if the account has none, and says what that limits', async () => {
  api.account.hasR2 = false;
  const { status, output } = await deploy();
  expect(status).toBe(0);
  expect(output).toMatch(/has no R2.*5 GB.*enable R2 at https:\/\/dash\.cloudflare\.com/s);
  expect(bindingOf('homeroom', 'BLOBS')).toBeUndefined();
  // Its runs and data are there, so it stays so, also if the account gets R2.
  api.account.hasR2 = true;
  expect((await deploy()).output).toContain('keeps its files in Durable Objects, and goes on so');
  expect(bindingOf('homeroom', 'BLOBS')).toBeUndefined();
});

it('does not leave the R2 in which its files are', async () => {
  await deploy();
  const { status, error } = await deploy(['--without-r2']);
  expect({ status, error }).toEqual({ status: 2, error: expect.stringContaining('leave --without-r2 out') });
  expect(bindingOf('homeroom', 'BLOBS')).toBeDefined();
});

it('replaces no other program of that name', async () => {
  api.account.workers.set('homeroom', { bindings: [{ name: 'SHOP' }] });
  const { status, error } = await deploy();
  expect({ status, error }).toEqual({
    status: 2,
    error: expect.stringMatching(/another Worker that is called homeroom.*--name my-homeroom/),
  });
  expect(api.account.workers.get('homeroom')).toEqual({ bindings: [{ name: 'SHOP' }] });
});

it('fills the Worker that a build of Cloudflare has made before', async () => {
  api.account.workers.set('homeroom', { bindings: [] });
  expect((await deploy([], { ...env, CI: 'true', WORKERS_CI: '1' })).status).toBe(0);
  expect(bindingOf('homeroom', 'DIRECTORY')).toMatchObject({ id: 'id-of-homeroom-directory' });
});

it('passes without a person, a terminal or a login as the script that Cloudflare runs, if nothing is to be sent', () => {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'deploy', '--', '--dry-run'], {
    ...{ cwd: packageRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: boundMs(60_000) },
    env: { ...process.env, CI: 'true', CLOUDFLARE_API_TOKEN: '', WRANGLER_SEND_METRICS: 'false' },
  });
  expect(status, stdout + stderr).toBe(0);
  expect(stdout).toContain('Nothing was sent.');
});

it('says what to do if nobody is logged in, and if the name is none', async () => {
  const nobody = { ...env, CLOUDFLARE_API_TOKEN: '', CLOUDFLARE_ACCOUNT_ID: '' };
  expect((await deploy([], nobody)).error).toMatch(/not logged in.*npx wrangler login/);
  expect((await deploy(['--name', 'My Class'])).error).toMatch(/small letters, digits and hyphens/);
  expect((await deploy(['--nmae', 'x'])).error).toMatch(/--nmae.*npm run deploy -- --help/);
  expect(api.account.workers.size).toBe(0);
});
