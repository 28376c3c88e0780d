import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** What the link does to a request: pass it on, cut its answer in the middle, or answer in the platform's place. */
export type Fault = 'pass' | 'cut' | { readonly status: number };

/** A link to a platform that fails as networks do: the test says which requests, and the rest go through unchanged. */
export class FaultyLink {
  /** Requests that came by, as "METHOD path". */
  readonly seen: string[] = [];
  fault: (request: string) => Fault = () => 'pass';
  private readonly target: string;
  private readonly server: Server;

  constructor(target: string) {
    this.target = target;
    this.server = createServer((request, response) => void this.forward(request, response));
  }

  async open(): Promise<string> {
    await new Promise<void>(resolve => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = `${request.method} ${request.url}`;
    this.seen.push(name);
    const fault = this.fault(name);
    if (typeof fault === 'object') return void response.writeHead(fault.status).end('{}');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { authorization, 'content-type': type } = request.headers;
    const headers = {
      ...(authorization ? { authorization } : {}),
      ...(type ? { 'content-type': type } : {}),
    };
    const init = {
      method: request.method ?? 'GET',
      headers,
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    };
    const answer = await fetch(this.target + request.url, init);
    const body = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, {
      'content-length': body.length,
      'content-type': answer.headers.get('content-type') ?? '',
    });
    if (fault === 'pass') return void response.end(body);
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  }
}
