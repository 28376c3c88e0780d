import { vi } from 'vitest';

/** A call as the platform hears it. */
export interface HeardCall {
  readonly path: string;
  /** With its `?`, if there is one. */
  readonly query?: string;
  readonly method: string;
  readonly key: string | null;
  readonly body: unknown;
}

/** What stands in the place of the network: a reply by path, as an HTTP status and a body. */
export type Replies = Readonly<Record<string, (call: HeardCall) => readonly [status: number, body: unknown]>>;

/** Puts replies in the place of the network, and keeps the calls that were made. A path without a reply is unreachable. */
export function stubPlatform(replies: Replies): HeardCall[] {
  const heard: HeardCall[] = [];
  vi.stubGlobal('fetch', async (url: string, { method = 'GET', headers, body }: RequestInit = {}) => {
    const { pathname: path, search: query } = new URL(url);
    const key = new Headers(headers).get('authorization');
    const call = {
      path,
      ...(query && { query }),
      method,
      key,
      body: typeof body === 'string' ? JSON.parse(body) : null,
    };
    heard.push(call);
    const reply = replies[path];
    if (!reply) throw new TypeError(`no route to ${path}`);
    const [status, json] = reply(call);
    return new Response(JSON.stringify(json), { status });
  });
  return heard;
}
