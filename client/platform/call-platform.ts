import { refusalBodySchema } from '../../shared/protocol/messages.ts';

/** An expected "no" from the platform, with the reason from the table. */
export class RefusedError extends Error {
  readonly reason: string;
  readonly status: number;

  constructor(status: number, reason: string, text: string, detail: string | undefined) {
    super(detail ? `${text} (${detail})` : text);
    this.name = 'RefusedError';
    this.reason = reason;
    this.status = status;
  }
}

/** A call without a whole, sensible answer: no network, no platform there, or a connection that broke on the way. */
export class UnreachableError extends Error {
  constructor(url: string, cause: unknown) {
    super(`nobody answers at ${url} as a Homeroom platform does`, { cause });
    this.name = 'UnreachableError';
  }
}

/** Whether the same call may well succeed a little later. */
export const isPassing = (error: unknown): error is Error =>
  error instanceof UnreachableError || (error instanceof RefusedError && error.reason === 'busy');

/**
 * One call, its answer read to the end: a connection that breaks within the body is as passing as one that never came.
 * @param read what is wanted of a good answer; where it throws, the answer was not the platform's
 * @throws RefusedError, UnreachableError, or the signal's reason
 */
export async function callPlatform<T>(
  url: string,
  init: RequestInit,
  read: (response: Response) => Promise<T>,
  connections = 1,
): Promise<T> {
  try {
    const response = await send(url, init, connections);
    if (!response.ok) throw await toRefusal(response);
    return await read(response);
  } catch (error) {
    init.signal?.throwIfAborted();
    throw error instanceof RefusedError ? error : new UnreachableError(url, error);
  }
}

/**
 * As `callPlatform`, for a call that may be repeated: a connection kept from an earlier call may turn out closed by the
 * other side, after it refused a long body unread for one. Browsers then send again by themselves (RFC 9110, 9.3.1), Node
 * does not where there is a body.
 */
export const callRepeatable = <T>(
  url: string,
  init: RequestInit,
  read: (response: Response) => Promise<T>,
): Promise<T> => callPlatform(url, init, read, 3);

async function send(url: string, init: RequestInit, connections: number): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (connections <= 1 || init.signal?.aborted) throw error;
    return send(url, init, connections - 1);
  }
}

async function toRefusal(response: Response): Promise<RefusedError> {
  const body = refusalBodySchema.safeParse(await response.json().catch(() => null)).data;
  const { reason, text, detail } = body?.error ?? {
    reason: response.status >= 500 ? 'busy' : 'not-found',
    text: `the platform answered ${response.status}`,
    detail: undefined,
  };
  return new RefusedError(response.status, reason, text, detail);
}
