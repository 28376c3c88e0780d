import { request } from 'node:http';
import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { refusalBodySchema } from '../../shared/protocol/refusal-body.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface RawResponse {
  readonly status: number;
  /** Of a refusal. Undefined if the call was not refused. */
  readonly reason: string | undefined;
  readonly detail: string | undefined;
}

interface PutOptions {
  readonly token?: string | undefined;
  /** Without a content-length, so that only counting tells how long it is. */
  readonly isChunked?: boolean;
  /** With its content-length, but the last chunk is kept back until then, so that several end at once. */
  readonly until?: Promise<unknown>;
}

/** A PUT that nobody checked on the way. */
export async function rawPut(
  client: HomeroomClient,
  path: string,
  body: Bytes,
  { token, isChunked = false, until }: PutOptions = {},
): Promise<RawResponse> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  if (until) return heldPut(client.origin + path, body, headers, until);
  const init = isChunked ? { body: streamOf(body), duplex: 'half' as const } : { body };
  return responseOf(await fetch(client.origin + path, { method: 'PUT', headers, ...init }));
}

/** `fetch` sends a stream without its length, so this is a call by hand. */
const heldPut = (
  url: string,
  body: Bytes,
  headers: Record<string, string>,
  until: Promise<unknown>,
): Promise<RawResponse> => {
  const call = request(url, { method: 'PUT', headers: { ...headers, 'content-length': body.length } });
  return new Promise((resolve, reject) => {
    call.on('error', reject);
    call.on('response', async response => {
      const text = Buffer.concat(await response.toArray()).toString();
      resolve(responseOf(new Response(text, { status: response.statusCode ?? 0 })));
    });
    call.write(body.subarray(0, -CHUNK_BYTES));
    void until.then(() => call.end(body.subarray(-CHUNK_BYTES)));
  });
};

interface Announced {
  readonly method?: 'PUT' | 'POST';
  readonly path: string;
  readonly bytes: number;
  readonly token?: string;
  /** A byte is sent so often. Left out: nothing is. */
  readonly everyMs?: number;
}

/** The status that a request gets if it says how long its body will be, and then sends nearly nothing of it. */
export const announce = (
  client: HomeroomClient,
  { method = 'PUT', path, bytes, token, everyMs }: Announced,
): Promise<number | undefined> => {
  const headers = {
    ...{ 'content-length': bytes, 'content-type': 'application/json' },
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const call = request(client.origin + path, { method, headers });
  const dripping = everyMs === undefined ? undefined : setInterval(() => call.write(' '), everyMs);
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearInterval(dripping);
      settle();
    };
    call.on('error', error => end(() => reject(error)));
    call.on('response', response => {
      end(() => resolve(response.statusCode));
      response.resume();
      call.destroy();
    });
    call.flushHeaders();
  });
};

export async function responseOf(response: Response): Promise<RawResponse> {
  const error = refusalBodySchema.safeParse(await response.json().catch(() => null)).data?.error;
  return { status: response.status, reason: error?.reason, detail: error?.detail };
}

const CHUNK_BYTES = 16_384;

const streamOf = (bytes: Bytes): ReadableStream<Bytes> => {
  let sent = 0;
  return new ReadableStream({
    pull: async controller => {
      if (sent >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(sent, sent + CHUNK_BYTES));
      sent += CHUNK_BYTES;
    },
  });
};
