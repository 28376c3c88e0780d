import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A plain file server, as anybody has one: it knows files by their names, and nothing else. */
export async function serveFiles(files: Readonly<Record<string, Uint8Array>>) {
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://any').pathname.slice(1) || 'index.html';
    const bytes = files[name];
    if (!bytes) return void response.writeHead(404).end();
    response.setHeader('content-type', name.endsWith('.html') ? 'text/html' : 'application/octet-stream');
    response.end(bytes);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}/`, close: (): void => void server.close() };
}
