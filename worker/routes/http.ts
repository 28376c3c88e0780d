import type { Context, MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type * as z from 'zod';
import { nestsTooDeep } from '../../shared/math/utf8.ts';
import { findNotPlain, NOT_PLAIN } from '../../shared/protocol/one-line.ts';
import { accepted, type Refusal, type Result, refusals, refused } from '../../shared/protocol/refusals.ts';
import type { Env } from '../env.ts';
import { KeeperAwayError } from '../keeper/keeper-of.ts';
import { DamagedIndexError } from '../storage/archives.ts';
import { isNewerStorage } from '../storage/storage-version.ts';
import { BrokenBodyError, piecesOf } from './paced-body.ts';

export type HonoEnv = { readonly Bindings: Env };
type RouteContext = Context<HonoEnv>;

/** Of a run's specification: with 10,000 part references it is about 1.5 MB. */
export const MAX_SPEC_BYTES = 2_000_000;

/** Of any other JSON body. It says a name and some figures. A stranger's values take a hundred times their bytes in memory. */
const MAX_JSON_BYTES = 16_000;

/**
 * Blobs are bytes of strangers, and the API is for our own pages. So no browser may guess another type for a
 * response, and no other site may embed one. No cache keeps a response, unless its route says otherwise: Cloudflare's cache
 * keeps one that says nothing for two hours. The headers are set before the route runs, since a socket's response cannot be
 * changed afterwards.
 */
export const safeHeaders: MiddlewareHandler<HonoEnv> = async (c, next) => {
  c.header('x-content-type-options', 'nosniff');
  c.header('cross-origin-resource-policy', 'same-origin');
  c.header('referrer-policy', 'no-referrer');
  c.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
  c.header('cache-control', 'no-store');
  await next();
};

/** Refusals become HTTP here and nowhere else. */
export function refuse(c: RouteContext, { reason, detail, retryAfterMs }: Refusal): Response {
  const { status, text } = refusals[reason];
  const error = {
    ...{ reason, text },
    ...(detail !== undefined && { detail }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
  if (retryAfterMs !== undefined) c.header('retry-after', String(Math.ceil(retryAfterMs / 1_000)));
  return c.json({ error }, status as ContentfulStatusCode);
}

/** The value as JSON, or the refusal. An object that never was a run's does not know which run was asked for. */
export function respond<T>(c: RouteContext, result: Result<T>, status: ContentfulStatusCode = 200): Response {
  if (result.ok) return c.json(result.value as object, status);
  const run = c.req.param('run');
  const isNoRun = result.reason === 'not-found' && result.detail === undefined && run !== undefined;
  return refuse(c, isNoRun ? refused('not-found', `run ${run}`) : result);
}

/** Hundreds of bodies may come at once, and most are short. */
const HELD_PIECE_BYTES = 4_096;

/**
 * The body, but never more of it than `maxBytes`. A longer one is refused before it is held in memory. Its pieces are
 * copied together as they come: whoever sends byte by byte would fill the memory if each were kept.
 * @throws BrokenBodyError
 */
export async function readBody(request: Request, maxBytes: number): Promise<Result<Uint8Array>> {
  const tooLarge = refused('too-large', `at most ${maxBytes} bytes`);
  const told = Number(request.headers.get('content-length') ?? 0);
  if (told > maxBytes) return tooLarge;
  let [held, length] = [new Uint8Array(0), 0];
  for await (const chunk of request.body ? piecesOf(request.body, HELD_PIECE_BYTES) : []) {
    const needed = length + chunk.length;
    if (needed > maxBytes) return tooLarge;
    if (needed > held.length) held = enlarged(held, needed, told);
    held.set(chunk, length);
    length = needed;
  }
  return accepted(held.length === length ? held : held.slice(0, length));
}

/** Room for twice as much, so that a body is copied about twice in all. If its length was told, no more than that. */
function enlarged(held: Uint8Array, needed: number, told: number): Uint8Array<ArrayBuffer> {
  const double = Math.max(needed, 2 * held.length);
  const larger = new Uint8Array(needed <= told ? Math.min(double, told) : double);
  larger.set(held);
  return larger;
}

interface JsonOptions {
  /** Whether its texts are taken as they are, since its schema makes them harmless. */
  readonly isFree?: boolean;
  readonly maxBytes?: number;
}

/**
 * The JSON body, parsed by its schema. `malformed` tells the first thing that is wrong, and where. Names that strangers
 * choose are shown to others, in pages and terminals, so no text in it has characters that steer a terminal or hide.
 */
export async function readJson<T>(
  request: Request,
  schema: z.ZodType<T>,
  { isFree = false, maxBytes = MAX_JSON_BYTES }: JsonOptions = {},
): Promise<Result<T>> {
  // A form of another site can have other types only, so its browser would have to ask us first.
  if (!isJson(request.headers.get('content-type') ?? '')) return refused('wrong-type');
  const body = await readBody(request, maxBytes);
  if (!body.ok) return body;
  const value = parseJson(body.value);
  const hidden = isFree ? null : findNotPlain(value);
  if (hidden !== null) return refused('malformed', `${hidden}: ${NOT_PLAIN}`);
  const parsed = schema.safeParse(value);
  if (parsed.success) return accepted(parsed.data);
  const issue = parsed.error.issues[0];
  return refused('malformed', issue && `${issue.path.join('.') || 'body'}: ${issue.message}`);
}

const isJson = (type: string): boolean => /^application\/json\s*(;|$)/i.test(type);

function parseJson(bytes: Uint8Array): unknown {
  if (nestsTooDeep(bytes)) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** The bearer token. Empty if there is none. */
export const bearer = (c: RouteContext): string =>
  c.req.header('authorization')?.replace(/^Bearer /i, '') ?? '';

/** This is a bug or a failing store, not a refusal. It is logged whole and told in one line. */
export function onError(error: Error, c: RouteContext): Response {
  if (error instanceof HTTPException) return error.getResponse();
  // Anybody can break off, so nothing is logged.
  if (error instanceof BrokenBodyError) return refuse(c, refused('busy', error.message));
  console.error(error);
  if (error instanceof KeeperAwayError) return refuse(c, refused('busy', error.message));
  if (isNewerStorage(error)) return refuse(c, refused('newer-release'));
  if (error instanceof DamagedIndexError) return refuse(c, refused('damaged', error.message));
  return refuse(c, refused('busy', 'the platform failed on this; try again'));
}

/** Whether a browser asks for a page. A program gets a refusal as it is. */
export const isForPeople = (c: Context<HonoEnv>): boolean =>
  /\btext\/html\b/.test(c.req.header('accept') ?? '');
