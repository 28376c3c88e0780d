import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** RFC 6455, 1.3: what a server adds to the client's key. */
const HANDSHAKE = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** RFC 6455, 5.2: a whole text message from a server, of less than 64 KiB. */
function textFrame(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length < 126) return Buffer.concat([Buffer.from([0x81, bytes.length]), bytes]);
  return Buffer.concat([Buffer.from([0x81, 126, bytes.length >> 8, bytes.length & 255]), bytes]);
}

/** A close of code 1000. */
const CLOSE = Buffer.from([0x88, 2, 0x03, 0xe8]);

/** What stands in a platform's place and tells each socket the same. Notes which address was opened, and when. */
export interface TellingPlatform {
  readonly origin: string;
  readonly opened: readonly { readonly url: string; readonly at: number }[];
  close(): void;
}

/** @param closes whether each socket is closed after the messages */
export async function openTellingPlatform(
  messages: readonly string[],
  { closes }: { readonly closes: boolean },
): Promise<TellingPlatform> {
  const opened: { url: string; at: number }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('upgrade', ({ url = '', headers }: IncomingMessage, socket: Socket) => {
    opened.push({ url, at: performance.now() });
    sockets.add(socket.on('error', () => {}));
    const accept = createHash('sha1').update(`${headers['sec-websocket-key']}${HANDSHAKE}`).digest('base64');
    const protocol = headers['sec-websocket-protocol']?.split(',')[0];
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n`,
    );
    socket.write(protocol === undefined ? '\r\n' : `Sec-WebSocket-Protocol: ${protocol}\r\n\r\n`);
    socket.write(Buffer.concat(messages.map(textFrame)));
    if (closes) socket.end(CLOSE);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : address;
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { origin: `http://127.0.0.1:${port}`, opened, close };
}
