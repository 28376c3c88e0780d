import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';

/**
 * What the link does to a request: pass it on, pass it on twice, lose it, break off in the middle of its body, cut its
 * reply in the middle, never reply, or reply in the platform's place.
 */
export type Fault =
  | 'pass'
  | 'twice'
  | 'lose'
  | 'tear'
  | 'cut'
  | 'hold'
  | { readonly status: number; readonly body?: string };

/** The platform's own refusal of an update. What a proxy says decides on none. */
export const refusal = {
  status: 422,
  body: JSON.stringify({ error: { reason: 'malformed', text: 'cut short' } }),
};

/** A link to a platform that fails as networks do: the test says which requests, and the rest go through unchanged. */
export class FaultyLink {
  /** Requests that came by, as "METHOD path". */
  readonly seen: string[] = [];
  fault: (request: string) => Fault = () => 'pass';
  /** What each way of a request takes, in ms; a socket's every message as its opening. */
  delay: (request: string) => number = () => 0;
  /** What a request waits for before it goes on to the platform. */
  gate: (request: string) => Promise<void> | null = () => null;
  /** Whether no byte of an open socket passes, either way. */
  isSilent = false;
  /** Origin of the platform. Another one if that was started again elsewhere. */
  target: string;
  private readonly server: Server;
  private readonly tunnels = new Set<Socket>();

  constructor(target: string) {
    this.target = target;
    this.server = createServer((request, response) => {
      // The platform may be away, and whoever asked may have gone.
      this.forward(request, response).catch(() => response.destroy());
    });
    this.server.on('upgrade', (request: IncomingMessage, socket: Socket) => this.tunnel(request, socket));
  }

  async open(): Promise<string> {
    await new Promise<void>(resolve => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
  }

  /** Every open socket breaks, without a goodbye to either end. */
  breakSockets(): void {
    for (const socket of this.tunnels) socket.destroy();
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** A WebSocket, byte for byte. */
  private tunnel({ url, rawHeaders }: IncomingMessage, socket: Socket): void {
    this.seen.push(`GET ${url}`);
    if (this.fault(`GET ${url}`) === 'hold') return;
    const delayMs = this.delay(`GET ${url}`);
    this.tunnels.add(socket);
    socket.on('close', () => this.tunnels.delete(socket));
    const { hostname, port } = new URL(this.target);
    const platform = connect(Number(port), hostname);
    const lines = Array.from({ length: rawHeaders.length / 2 }, (_, i) => rawHeaders.slice(2 * i, 2 * i + 2));
    platform.write(`GET ${url} HTTP/1.1\r\n${lines.map(line => line.join(': ')).join('\r\n')}\r\n\r\n`);
    for (const [from, to] of [
      [socket, platform],
      [platform, socket],
    ] as const) {
      from.on('data', chunk => {
        if (!this.isSilent) setTimeout(() => to.writable && to.write(chunk), delayMs);
      });
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
    }
  }

  private async travel(request: string): Promise<void> {
    const ms = this.delay(request);
    if (ms > 0) await new Promise(resolve => setTimeout(resolve, ms));
  }

  private async forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = `${request.method} ${request.url}`;
    this.seen.push(name);
    const fault = this.fault(name);
    if (fault === 'hold') return;
    if (typeof fault === 'object') return void response.writeHead(fault.status).end(fault.body ?? '{}');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    await this.travel(name);
    await this.gate(name);
    const { authorization, 'content-type': type } = request.headers;
    const headers = {
      ...(authorization ? { authorization } : {}),
      ...(type ? { 'content-type': type } : {}),
    };
    const whole = Buffer.concat(chunks);
    const init = {
      method: request.method ?? 'GET',
      headers,
      ...(chunks.length > 0 ? { body: whole } : {}),
    };
    if (fault === 'lose') return void response.destroy();
    if (fault === 'tear') return this.tear(request, whole, response);
    const times = fault === 'twice' ? 2 : 1;
    const replies = await Promise.all(
      Array(times)
        .fill(this.target + request.url)
        .map(url => fetch(url, init)),
    );
    const reply = replies[0] ?? Response.error();
    await replies[1]?.arrayBuffer();
    const body = Buffer.from(await reply.arrayBuffer());
    await this.travel(name);
    response.writeHead(reply.status, {
      'content-length': body.length,
      'content-type': reply.headers.get('content-type') ?? '',
    });
    if (fault !== 'cut') return void response.end(body);
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  }

  /** The platform gets the head and half of the body, and then the connection ends. */
  private tear(request: IncomingMessage, whole: Buffer, response: ServerResponse): void {
    const { hostname, port } = new URL(this.target);
    const { authorization = '', 'content-type': type = 'application/octet-stream' } = request.headers;
    const head = [
      `${request.method} ${request.url} HTTP/1.1`,
      `host: ${hostname}`,
      `authorization: ${authorization}`,
      `content-type: ${type}`,
      `content-length: ${whole.length}`,
    ];
    const platform = connect(Number(port), hostname);
    platform.on('error', () => response.destroy());
    platform.write(`${head.join('\r\n')}\r\n\r\n`);
    platform.write(whole.subarray(0, whole.length >> 1), () => {
      platform.destroy();
      response.destroy();
    });
  }
}
