import { refusalBodySchema } from '../../shared/protocol/refusal-body.ts';
import { Deadline } from './deadline.ts';
import { hasNetwork } from './network-back.ts';
import { replyLimitMs, type TimeLimits, timeLimits } from './time-limits.ts';

/** An expected "no" from the platform, with the reason from the table. */
export class RefusedError extends Error {
  readonly reason: string;
  readonly status: number;
  /** What exactly was wrong. */
  readonly detail: string | undefined;
  /** Whether the platform said so itself. Else something on the way did, such as a proxy or the page of a guest network. */
  readonly isPlatforms: boolean;
  /** When the platform wants to be asked again. Undefined if it does not say. */
  readonly retryAfterMs: number | undefined;

  constructor(
    status: number,
    reason: string,
    text: string,
    detail: string | undefined,
    isPlatforms = true,
    retryAfterMs?: number,
  ) {
    super(detail ? `${text} (${detail})` : text);
    this.name = 'RefusedError';
    this.reason = reason;
    this.status = status;
    this.detail = detail;
    this.isPlatforms = isPlatforms;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * A call without a whole, sensible reply: there is no network, no platform is there, the connection broke on the way, or
 * the platform was silent for too long.
 */
export class UnreachableError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'UnreachableError';
  }
}

/** A whole reply whose bytes are not those that were asked for. */
export class DamagedError extends UnreachableError {
  constructor(message: string) {
    super(message, null);
    this.name = 'DamagedError';
  }
}

/** A whole reply in JSON that does not read as agreed: the platform or this program is of another version. */
export class OtherVersionError extends Error {
  /** @param mend what the reader can do about it */
  constructor(origin: string, mend: string, cause: unknown) {
    super(`the platform at ${origin} speaks another version: ${mend}`, { cause });
    this.name = 'OtherVersionError';
  }
}

/** Whether the same call may well succeed a little later. */
export const isPassing = (error: unknown): error is Error =>
  error instanceof UnreachableError || (error instanceof RefusedError && error.reason === 'busy');

/** [CROWD7] When the platform wants to be asked again, if it says so: no later than it ever has a reason to. */
export const askedAgainMs = (error: Error): number | null =>
  error instanceof RefusedError && error.retryAfterMs !== undefined
    ? Math.min(error.retryAfterMs, LONGEST_ASKED_MS)
    : null;

const LONGEST_ASKED_MS = 600_000;

/** Whether the platform itself says that it has no such thing. */
export const isMissing = (error: unknown): boolean =>
  error instanceof RefusedError && error.isPlatforms && error.reason === 'not-found';

/** Whether the platform itself says that the host has deleted the run. */
export const isDeleted = (error: unknown): boolean =>
  error instanceof RefusedError && error.isPlatforms && error.reason === 'deleted';

/** Whether the platform itself says that what it has there is damaged. */
export const isDamaged = (error: unknown): error is RefusedError =>
  error instanceof RefusedError && error.isPlatforms && error.reason === 'damaged';

/** What is sent. Bodies are held whole, so that their size is known and they can be sent again. */
export interface PlatformRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One call, its reply read to the end. A connection that breaks or falls silent within the body is as passing as one that
 * never came.
 * @param read what is wanted of a good reply; if it throws anything but `OtherVersionError`, the reply was not the
 *   platform's
 * @throws RefusedError, OtherVersionError, UnreachableError, or the signal's reason
 */
export const callPlatform = <T>(
  url: string,
  request: PlatformRequest,
  read: (response: Response) => Promise<T>,
  limits: TimeLimits = timeLimits,
): Promise<T> => callOver(1, url, request, read, limits);

/**
 * As `callPlatform`, for a call that may be repeated: a connection kept from an earlier call may turn out closed by the
 * other side. workerd closes those that were idle for five seconds. If it was busy for as long, it does so although calls
 * are on their way over them, for it looks at its clock first. Browsers then send again by themselves (RFC 9110, 9.3.1).
 * Node does not if there is a body.
 */
export const callRepeatable = <T>(
  url: string,
  request: PlatformRequest,
  read: (response: Response) => Promise<T>,
  limits: TimeLimits = timeLimits,
): Promise<T> => callOver(CONNECTIONS, url, request, read, limits);

/** So many connections a repeatable call tries, one after another. */
const CONNECTIONS = 3;

async function callOver<T>(
  connections: number,
  url: string,
  request: PlatformRequest,
  read: (response: Response) => Promise<T>,
  limits: TimeLimits,
): Promise<T> {
  const deadline = new Deadline(replyLimitMs(limits, request.body?.length ?? 0));
  const goOn = (): void => deadline.renew(limits.replyMs);
  const signal = deadline.signalWith(request.signal);
  try {
    const response = renewing(await send(url, { ...request, signal }, connections), goOn);
    if (!response.ok) throw await toRefusal(response);
    return await read(response);
  } catch (error) {
    request.signal?.throwIfAborted();
    if (error instanceof RefusedError || error instanceof OtherVersionError) throw error;
    if (error instanceof DamagedError) throw error;
    throw new UnreachableError(whyNot(url, deadline), error);
  } finally {
    deadline.cancel();
  }
}

async function send(url: string, init: RequestInit, connections: number): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (connections <= 1 || init.signal?.aborted) throw error;
    return send(url, init, connections - 1);
  }
}

/** The same response, of which every piece renews the deadline: a slow line is not cut off while it moves. */
function renewing(response: Response, goOn: () => void): Response {
  goOn();
  if (!response.body) return response;
  const pieces = new TransformStream<Uint8Array, Uint8Array>({
    transform: (piece, onward) => {
      goOn();
      onward.enqueue(piece);
    },
  });
  const { status, headers } = response;
  return new Response(response.body.pipeThrough(pieces), { status, headers });
}

/** What is to be done is up to the owner of the device: this end tries again as soon as there is one. */
const NO_NETWORK = 'this device has no network';

/** Which call it was says nothing to people: they know the platform. */
const whyNot = (url: string, deadline: Deadline): string => {
  if (!hasNetwork()) return NO_NETWORK;
  const { origin } = new URL(url);
  return deadline.hasPassed
    ? `${origin} has not replied for ${Number((deadline.allowedMs / 1_000).toFixed(1))} s`
    : `nobody replies at ${origin} as a Homeroom platform does`;
};

/** Whether a response that is not our platform's own, a proxy's for instance, may well be another one a little later. */
const isPassingStatus = (status: number): boolean => status >= 500 || [408, 425, 429].includes(status);

async function toRefusal(response: Response): Promise<RefusedError> {
  const body = refusalBodySchema.safeParse(await response.json().catch(() => null)).data;
  const { reason, text, detail, retryAfterMs } = body?.error ?? {
    reason: isPassingStatus(response.status) ? 'busy' : 'not-found',
    text: `the platform replied with status ${response.status}`,
  };
  return new RefusedError(response.status, reason, text, detail, body !== undefined, retryAfterMs);
}
