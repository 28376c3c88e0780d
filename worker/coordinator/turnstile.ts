import * as z from 'zod';
import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import type { Env } from '../env.ts';

/** Cloudflare's service. https://developers.cloudflare.com/turnstile/get-started/server-side-validation/ */
const SITEVERIFY = 'https://challenges.cloudflare.com/turnstile/v0/siteverify';

/** It replies within a second or two, or not at all. */
const REPLY_MS = 10_000;

const replySchema = z.object({
  success: z.boolean(),
  'error-codes': z.array(z.string()).default([]),
});

/** What went wrong on our side, or theirs: whoever wants to join can do nothing about it. */
const OUR_FAULT = ['missing-input-secret', 'invalid-input-secret', 'bad-request', 'internal-error'];

/** What a page needs to know of the check. */
export const checkOf = ({
  TURNSTILE_SITE_KEY: siteKey,
  TURNSTILE_SECRET: secret,
}: Env): { checksWith?: string } => (siteKey && secret ? { checksWith: siteKey } : {});

/**
 * [CROWD8] Whether the deployment's check of people was passed. It has none unless it has both settings.
 * @param token what the check gave to the page. It is good once, and for five minutes
 */
export async function checkHuman(
  env: Env,
  token: string | undefined,
  address: string,
): Promise<Result<true>> {
  const { TURNSTILE_SITE_KEY: siteKey, TURNSTILE_SECRET: secret } = env;
  if (!siteKey || !secret) return accepted(true);
  if (token === undefined) return refused('not-checked');
  const reply = await ask(env.TURNSTILE_URL ?? SITEVERIFY, {
    secret,
    response: token,
    ...(address !== '' && { remoteip: address }),
  });
  if (reply === null) return refused('busy', 'the check of people does not reply');
  if (reply.success) return accepted(true);
  const codes = reply['error-codes'];
  if (!codes.some(code => OUR_FAULT.includes(code)))
    return refused('not-checked', codes.join(', ').slice(0, 100));
  console.error('the check of people fails', codes);
  return refused('busy', 'the check of people fails');
}

/** Null if there is no reply that makes sense. */
async function ask(
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<z.infer<typeof replySchema> | null> {
  try {
    const body = new URLSearchParams(form);
    const response = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(REPLY_MS) });
    return replySchema.parse(await response.json());
  } catch {
    return null;
  }
}
