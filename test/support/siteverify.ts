import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Siteverify {
  readonly url: string;
  /** Every form that was sent, in order. */
  readonly asked: readonly URLSearchParams[];
  close(): void;
}

/**
 * Cloudflare cannot be reached from here. This server of our own speaks the protocol of its Siteverify API as that is
 * documented: a form with `secret` and `response`, and JSON with `success` and `error-codes`. Tokens are good once; those
 * that begin with `passed` are good.
 */
export async function startSiteverify(): Promise<Siteverify> {
  const asked: URLSearchParams[] = [];
  const spent = new Set<string>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', piece => {
      body += piece;
    });
    request.on('end', () => {
      const form = new URLSearchParams(body);
      asked.push(form);
      const codes = faultsOf(form, spent);
      const reply = { success: codes.length === 0, 'error-codes': codes };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(reply));
    });
  });
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/siteverify`, asked, close: () => void server.close() };
}

function faultsOf(form: URLSearchParams, spent: Set<string>): string[] {
  const token = form.get('response') ?? '';
  if (form.get('secret') !== 'the secret') return ['invalid-input-secret'];
  if (!token.startsWith('passed')) return ['invalid-input-response'];
  if (spent.has(token)) return ['timeout-or-duplicate'];
  spent.add(token);
  return [];
}
