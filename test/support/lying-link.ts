import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** Another body in the place of the platform's, or the same; null to reply that there is none. */
type Lie = (path: string, body: Buffer) => Buffer | null;

/** A link to a platform that changes what it replies, as a platform would that was tampered with. */
export class LyingLink {
  lie: Lie = (_, body) => body;
  /** Requests whose connection is cut in the place of a reply. */
  isCut: (path: string) => boolean = () => false;
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

  /** Ranges are not passed on, so that a lie has the whole body. */
  private async forward({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isCut(url)) return void response.socket?.destroy();
    const reply = await fetch(this.target + url);
    const body = Buffer.from(await reply.arrayBuffer());
    const told = reply.ok ? this.lie(url, body) : body;
    const type = reply.headers.get('content-type') ?? 'application/json';
    if (told === null) response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
    else response.writeHead(reply.status, { 'content-type': type }).end(told);
  }
}
