import { type PassRequest, passResponseSchema } from '../../shared/protocol/messages.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { callPlatform } from './call-platform.ts';
import type { HomeroomClient } from './homeroom-client.ts';
import { readAs } from './read-as.ts';

/**
 * [CROWD8] A pass for whoever joins the run with this nonce. It is sent once, since the token of a check is good once.
 * @throws RefusedError with the reason `not-checked` if the check was not passed
 */
export async function passFor(client: HomeroomClient, run: string, request: PassRequest): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const sent = { method: 'POST', headers, body: JSON.stringify(request) };
  const reply = readAs(client, passResponseSchema);
  return (await callPlatform(client.origin + paths.pass(run), sent, reply, client.limits)).pass;
}
