import { sign, verify } from 'hono/jwt';
import type * as z from 'zod';
import {
  type LeaseClaims,
  leaseClaimsSchema,
  type VolunteerClaims,
  volunteerClaimsSchema,
} from '../shared/protocol/lease.ts';
import type { Env } from './env.ts';
import { signingSecret } from './keeper/signing-secret.ts';
import { type PassClaims, passClaimsSchema } from './pass-claims.ts';

type SigningEnv = Pick<Env, 'TOKEN_SECRET' | 'SECRETS'>;

/** Signed tokens (HS256). Whoever holds one may do what it says, in the run that it names, and nothing else. */
const algorithm = 'HS256';

/**
 * A volunteer who comes back after a month joins anew. A lease's end is a claim of its own and not `exp`, so that a
 * late update is told from a forged one.
 */
const VOLUNTEER_SECONDS = 30 * 24 * 3_600;

/** @param endsAt [KEY3] if the volunteer joined with a key that ends before */
export const signVolunteer = async (
  env: SigningEnv,
  claims: VolunteerClaims,
  endsAt = Number.POSITIVE_INFINITY,
): Promise<string> => {
  const exp = Math.floor(Math.min(Date.now() / 1_000 + VOLUNTEER_SECONDS, endsAt / 1_000));
  return sign({ ...claims, exp }, await keyOf(env), algorithm);
};

export const signLease = async (env: SigningEnv, claims: LeaseClaims): Promise<string> =>
  sign({ ...claims }, await keyOf(env), algorithm);

/**
 * [CROWD8] Longer than anybody waits for a turn, with time to prepare the trainer before. It makes one volunteer however
 * often it is shown, so nobody gains by a longer one.
 */
const PASS_SECONDS = 3_600;

export const signPass = async (env: SigningEnv, claims: PassClaims): Promise<string> => {
  const exp = Math.floor(Date.now() / 1_000) + PASS_SECONDS;
  return sign({ ...claims, exp }, await keyOf(env), algorithm);
};

export const readPass = (env: SigningEnv, token: string): Promise<PassClaims | null> =>
  readToken(env, token, passClaimsSchema);

export const readVolunteerToken = (env: SigningEnv, token: string): Promise<VolunteerClaims | null> =>
  readToken(env, token, volunteerClaimsSchema);

export const readLeaseToken = (env: SigningEnv, token: string): Promise<LeaseClaims | null> =>
  readToken(env, token, leaseClaimsSchema);

/**
 * The claims. Null if the token is forged, expired or of another kind.
 * @throws KeeperAwayError if that cannot be known. Whoever heard that its token is forged would throw it away
 */
async function readToken<T>(env: SigningEnv, token: string, schema: z.ZodType<T>): Promise<T | null> {
  const key = await keyOf(env);
  try {
    return schema.safeParse(await verify(token, key, algorithm)).data ?? null;
  } catch {
    return null;
  }
}

/** To import a key takes as long as all else about a token, and every call of a volunteer brings one. */
let imported: { readonly secret: string; readonly key: CryptoKey } | null = null;

async function keyOf(env: SigningEnv): Promise<CryptoKey> {
  const secret = await signingSecret(env);
  if (imported?.secret === secret) return imported.key;
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const raw = new TextEncoder().encode(secret);
  const key = await crypto.subtle.importKey('raw', raw, hmac, false, ['sign', 'verify']);
  imported = { secret, key };
  return key;
}

/**
 * Has the secret at hand, so that what is signed later in this object cannot fail. Whoever signs only after it has stored
 * something would leave that behind.
 * @throws if the secret cannot be had
 */
export const prepareToSign = async (env: SigningEnv): Promise<void> => {
  await keyOf(env);
};

/** 256 random bits in hexadecimal: a host key. */
export const createKey = (): string => hex(crypto.getRandomValues(new Uint8Array(32)));

const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * Keyed bytes of a text, for what must be the same if it is asked for again and what nobody else can guess (HMAC-SHA256).
 * @param use keeps apart what is made of one text for several purposes
 */
async function derive(env: SigningEnv, use: string, text: string): Promise<Uint8Array> {
  const data = new TextEncoder().encode(JSON.stringify([use, text]));
  return new Uint8Array(await crypto.subtle.sign('HMAC', await keyOf(env), data));
}

/** As `createId`, and always the same of one text. */
export const deriveId = async (env: SigningEnv, use: string, text: string, length: number): Promise<string> =>
  toId((await derive(env, use, text)).subarray(0, length));

/** As `createKey`, and always the same of one text. */
export const deriveKey = async (env: SigningEnv, use: string, text: string): Promise<string> =>
  hex(await derive(env, use, text));

/**
 * A text that the platform itself can read again, and whoever has its storage without its secret cannot (AES-GCM).
 * @param use keeps apart what is sealed for several purposes
 */
export async function seal(env: SigningEnv, use: string, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(SEAL_IV_BYTES));
  const data = new TextEncoder().encode(text);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await sealKey(env, use), data);
  return hex(iv) + hex(new Uint8Array(sealed));
}

/** The text that was sealed. Null if the secret has changed since, or the seal is damaged. */
export async function unseal(env: SigningEnv, use: string, sealed: string): Promise<string | null> {
  const bytes = Uint8Array.from(sealed.match(/../g) ?? [], pair => Number.parseInt(pair, 16));
  const iv = bytes.slice(0, SEAL_IV_BYTES);
  const key = await sealKey(env, use);
  try {
    const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, bytes.slice(SEAL_IV_BYTES));
    return new TextDecoder().decode(text);
  } catch {
    return null;
  }
}

const SEAL_IV_BYTES = 12;

const sealKey = async (env: SigningEnv, use: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', await derive(env, 'seal', use), 'AES-GCM', false, ['encrypt', 'decrypt']);

/** A random id of `length` letters and digits, five bits each. */
export const createId = (length: number): string => toId(crypto.getRandomValues(new Uint8Array(length)));

const toId = (bytes: Uint8Array): string => Array.from(bytes, byte => ID_ALPHABET[byte & 31]).join('');

/** What is stored of a key. */
export async function hashKey(key: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key))));
}

/** Whether two keys are the same. It takes as long wherever they differ, so that its time tells nothing. */
export async function sameKey(given: string, hash: string): Promise<boolean> {
  const encoder = new TextEncoder();
  return crypto.subtle.timingSafeEqual(encoder.encode(await hashKey(given)), encoder.encode(hash));
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
