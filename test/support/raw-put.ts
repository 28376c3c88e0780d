import type { HomeroomClient } from '../../client/volunteer/homeroom-client.ts';
import { refusalBodySchema } from '../../shared/protocol/messages.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface Answer {
  readonly status: number;
  /** Of a refusal; undefined where the call was answered with yes. */
  readonly reason: string | undefined;
  readonly detail: string | undefined;
}

interface PutOptions {
  readonly token?: string | undefined;
  /** Without a content-length, so that only counting tells how long it is. */
  readonly isChunked?: boolean;
}

/** A PUT that nobody checked on the way. */
export async function rawPut(
  client: HomeroomClient,
  path: string,
  body: Bytes,
  { token, isChunked = false }: PutOptions = {},
): Promise<Answer> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const init = isChunked ? { body: streamOf(body), duplex: 'half' as const } : { body };
  return answerOf(await fetch(client.origin + path, { method: 'PUT', headers, ...init }));
}

export async function answerOf(response: Response): Promise<Answer> {
  const error = refusalBodySchema.safeParse(await response.json().catch(() => null)).data?.error;
  return { status: response.status, reason: error?.reason, detail: error?.detail };
}

const CHUNK_BYTES = 16_384;

const streamOf = (bytes: Bytes): ReadableStream<Bytes> => {
  let sent = 0;
  return new ReadableStream({
    pull: controller => {
      if (sent >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(sent, sent + CHUNK_BYTES));
      sent += CHUNK_BYTES;
    },
  });
};
