import * as z from 'zod';
import type { JoinRequest, PassRequest } from '../../shared/protocol/messages.ts';
import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import type { Env } from '../env.ts';
import { readPass, signPass } from '../tokens.ts';

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

/** What a page needs to know of the check. There is none unless the deployment has both settings. */
export const checkOf = ({
  TURNSTILE_SITE_KEY: siteKey,
  TURNSTILE_SECRET: secret,
}: Env): { checksWith?: string } => (siteKey && secret ? { checksWith: siteKey } : {});

/** What a pass begins with. No token of Turnstile's begins so. */
const PASS = 'pass.';

/**
 * [CROWD8] Turns a token, which is good for five minutes, into a pass, which is good for as long as somebody may wait. It
 * is of one run and of one wish to join, and the same wish makes the same volunteer. So it lets in one, however often it
 * is shown, and nobody has to remember that.
 */
export async function passFor(
  env: Env,
  run: string,
  { human, nonce }: PassRequest,
  address: string,
): Promise<Result<{ pass: string }>> {
  if (checkOf(env).checksWith === undefined) return refused('not-found', 'this platform checks nobody');
  const checked = await checkToken(env, human, address);
  return checked.ok
    ? accepted({ pass: PASS + (await signPass(env, { kind: 'pass', run, nonce })) })
    : checked;
}

/**
 * [CROWD8] What is known before the turn, so that whoever shows nothing takes none.
 * @returns the token that is still to be looked at. It is good once, so that comes after the turn. Null if none is
 */
export async function checkPass(
  env: Env,
  run: string,
  { human, nonce }: Pick<JoinRequest, 'human' | 'nonce'>,
): Promise<Result<string | null>> {
  if (checkOf(env).checksWith === undefined) return accepted(null);
  if (human === undefined) return refused('not-checked');
  if (!human.startsWith(PASS)) return accepted(human);
  const claims = await readPass(env, human.slice(PASS.length));
  const isOfWish = claims !== null && claims.run === run && claims.nonce === nonce;
  return isOfWish ? accepted(null) : refused('not-checked', 'the check was too long ago');
}

/**
 * [CROWD8] Whether the deployment's check of people was passed.
 * @param token what the check gave to the page. It is good once, and for five minutes
 */
export async function checkToken(env: Env, token: string, address: string): Promise<Result<true>> {
  const reply = await ask(env.TURNSTILE_URL ?? SITEVERIFY, {
    secret: env.TURNSTILE_SECRET ?? '',
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
