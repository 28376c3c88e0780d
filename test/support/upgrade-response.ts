import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';

/** The response to a request for a socket that gets none. fetch cannot send one. */
export const upgradeResponse = (
  client: HomeroomClient,
  path: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string> =>
  new Promise((resolve, reject) => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
      ...more,
    };
    get(client.origin + path, { headers }, response => text(response).then(resolve, reject)).on(
      'error',
      reject,
    );
  });
