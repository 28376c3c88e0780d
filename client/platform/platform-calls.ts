import type * as z from 'zod';
import { callPlatform, callRepeatable, type PlatformRequest } from './call-platform.ts';
import type { PlatformSource } from './list-runs.ts';
import { authorise, type Reader, readAs } from './read-as.ts';
import { type TimeLimits, timeLimits } from './time-limits.ts';

/** A body in the view type that `fetch` takes. Ours are never on shared memory. */
export type Body = Uint8Array<ArrayBuffer>;

export interface ClientOptions {
  readonly limits?: TimeLimits;
  /** What the reader of an error can do if the platform is of another version. */
  readonly mend?: string;
}

interface PostOptions {
  readonly key?: string | null | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether the platform has much to do before it can reply. */
  readonly isLongWork?: boolean;
  /** Whether it does no harm if the platform gets the call twice. */
  readonly isRepeatable?: boolean;
}

/** How calls are made to one platform: to which address, for how long, and how a reply is read. */
export class PlatformCalls implements PlatformSource {
  /** Origin of the platform, without a slash at the end. */
  readonly origin: string;
  readonly limits: TimeLimits;
  readonly mend: string;

  constructor(origin: string, { limits = timeLimits, mend = 'update homeroom' }: ClientOptions = {}) {
    this.origin = origin.replace(/\/+$/, '');
    this.limits = limits;
    this.mend = mend;
  }

  protected get<T>(path: string, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
    return this.call(path, { signal }, readAs(this, schema));
  }

  protected post<T>(
    path: string,
    body: unknown,
    schema: z.ZodType<T>,
    { key, signal, isLongWork = false, isRepeatable = false }: PostOptions,
  ): Promise<T> {
    const headers = { 'content-type': 'application/json', ...authorise(key) };
    const request = { method: 'POST', body: JSON.stringify(body), headers, signal };
    const call = isRepeatable ? callRepeatable : callPlatform;
    const { limits } = this;
    const replyMs = isLongWork ? limits.workMs : limits.replyMs;
    return call(this.origin + path, request, readAs(this, schema), { ...limits, replyMs });
  }

  /** A call that does no harm if it is sent again. */
  protected call<T>(path: string, request: PlatformRequest, read: Reader<T>): Promise<T> {
    return callRepeatable(this.origin + path, request, read, this.limits);
  }
}

export const readBytes: Reader<Body> = async response => new Uint8Array(await response.arrayBuffer());

/** The body is of no interest, but a connection is only free again when it was read. */
export const readNothing: Reader<void> = async response => {
  await response.arrayBuffer();
};
