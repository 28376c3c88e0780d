import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

/** What a deployment needs on the account, how to see whether it is there, and how to make it. */
interface Need {
  readonly what: string;
  readonly isThere: () => boolean;
  readonly make: string;
}

const wrangler = (...args: string[]): { readonly ok: boolean; readonly stdout: string } => {
  const { status, stdout } = spawnSync(join(packageRoot, 'node_modules/.bin/wrangler'), args, {
    cwd: packageRoot,
    encoding: 'utf8',
  });
  return { ok: status === 0, stdout };
};

const secrets = (): string => wrangler('secret', 'list').stdout;

const needs: readonly Need[] = [
  {
    what: 'a Cloudflare login',
    isThere: () => !/not authenticated/i.test(wrangler('whoami').stdout),
    make: 'npx wrangler login',
  },
  {
    what: 'the R2 bucket homeroom-blobs',
    isThere: () => wrangler('r2', 'bucket', 'info', 'homeroom-blobs').ok,
    make: 'npx wrangler r2 bucket create homeroom-blobs',
  },
  {
    what: 'the D1 database homeroom-directory, with its id in wrangler.toml',
    isThere: () =>
      !readFileSync(join(packageRoot, 'wrangler.toml'), 'utf8').includes(
        '00000000-0000-0000-0000-000000000000',
      ),
    make: 'npx wrangler d1 create homeroom-directory, then write its database_id into wrangler.toml',
  },
  {
    what: 'the secret TOKEN_SECRET, which signs tokens',
    isThere: () => secrets().includes('TOKEN_SECRET'),
    make: 'openssl rand -hex 32 | npx wrangler secret put TOKEN_SECRET',
  },
  {
    what: 'the secret DEPLOYMENT_KEY, which people need to create runs',
    isThere: () => secrets().includes('DEPLOYMENT_KEY'),
    make: 'openssl rand -hex 32 | tee deployment-key | npx wrangler secret put DEPLOYMENT_KEY',
  },
];

/** What a deployment lacks. Without a login only that is known. */
function missing(): readonly Need[] {
  const [login, ...rest] = needs;
  if (login && !login.isThere()) return [login];
  return rest.filter(need => !need.isThere());
}

const lacking = missing();
for (const { what, make } of lacking) console.error(`homeroom: a deployment needs ${what}. Run: ${make}`);
if (lacking.length > 0) process.exitCode = 2;
