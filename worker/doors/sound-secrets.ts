import type { MiddlewareHandler } from 'hono';
import { refused } from '../../shared/protocol/refusals.ts';
import type { Env } from '../env.ts';
import { type HonoEnv, refuse } from '../routes/http.ts';

/** Secrets that stand in a file or a page of this project, or in one like it: everybody knows them. */
const SAMPLES: ReadonlySet<string> = new Set([
  'replace-me-with-openssl-rand-hex-32',
  'choose-a-long-key',
  'my-secret',
  'secret',
  'change-me',
  'changeme',
]);

/** A shorter one can be guessed. */
const LEAST_CHARACTERS = 16;

const OWN_SECRETS = ['TOKEN_SECRET', 'DEPLOYMENT_KEY'] as const;

/** What is wrong with a secret that the deployment was given, and what to do. Null if they are sound. */
export function unsoundSecret(env: Pick<Env, (typeof OWN_SECRETS)[number]>): string | null {
  for (const name of OWN_SECRETS) {
    const value = env[name];
    if (!value) continue;
    const fault = SAMPLES.has(value.trim().toLowerCase())
      ? 'is the sample of a document, which everybody knows'
      : value.length < LEAST_CHARACTERS && `has fewer than ${LEAST_CHARACTERS} characters`;
    if (fault)
      return `the secret ${name} ${fault}: delete it (npx wrangler secret delete ${name}), and the platform makes one of its own`;
  }
  return null;
}

/** Nothing is served with a secret that everybody knows: who knows it could sign tokens of any volunteer, or create runs. */
export const soundSecrets: MiddlewareHandler<HonoEnv> = async (c, next) => {
  const fault = unsoundSecret(c.env);
  if (fault !== null && c.req.path.startsWith('/api/')) return refuse(c, refused('misconfigured', fault));
  return next();
};
