import type { Context } from 'hono';
import { Hono } from 'hono';
import * as z from 'zod';
import { VOLUNTEER_PROTOCOL } from '../../shared/protocol/frames.ts';
import { countSchema } from '../../shared/protocol/identifiers.ts';
import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import { volunteerOf } from '../doors/callers.ts';
import { rated } from '../doors/rates.ts';
import { chooseSlot, drawOf, MOST_TRIES } from '../relay/choose-slot.ts';
import { type Listener, relayRequest } from '../relay/listener.ts';
import { relayOf } from '../relay/relay-of.ts';
import { type HonoEnv, refuse } from './http.ts';

const querySchema = z.object({
  after: z.coerce.number('expected a sequence number').pipe(countSchema).default(0),
  crowd: z.coerce.number().min(0).catch(0),
  frames: z.string().optional(),
  entries: z.string().optional(),
});

type Query = z.infer<typeof querySchema>;

export const events = new Hono<HonoEnv>().get('/:run/events', rated('EVENTS_RATE'), async c => {
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket')
    return refuse(c, refused('malformed', 'this is a WebSocket'));
  const query = querySchema.safeParse(c.req.query());
  if (!query.success) return refuse(c, refused('malformed', 'after: a sequence number'));
  const volunteer = await listenerOf(c);
  if (!volunteer.ok) return refuse(c, volunteer);
  return seatListener(c, query.data, volunteer.value);
});

/**
 * Who this is, if it is a volunteer. The token comes as the second subprotocol: so it stands in no address, which may be
 * written into logs, and needs no message, which would wake the relay.
 */
async function listenerOf(c: Context<HonoEnv>): Promise<Result<string | null>> {
  const [protocol, token = ''] = (c.req.header('sec-websocket-protocol') ?? '').split(/\s*,\s*/);
  if (protocol !== VOLUNTEER_PROTOCOL) return accepted(null);
  return volunteerOf(c, token);
}

const kindOf = ({ frames }: Query, volunteer: string | null): Listener['kind'] => {
  if (volunteer !== null) return 'signal';
  return frames === undefined ? 'entries' : 'view';
};

/** Asks one relay after another for room. */
async function seatListener(c: Context<HonoEnv>, query: Query, volunteer: string | null): Promise<Response> {
  const run = c.req.param('run') ?? '';
  const kind = kindOf(query, volunteer);
  const isOld = kind === 'entries' && query.entries === undefined;
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const draw = volunteer === null ? Math.random() : drawOf(`${attempt} ${volunteer}`);
    const slot = chooseSlot(attempt, query.crowd, draw);
    const listener = { run, slot, kind, isOld, after: query.after, volunteer };
    const response = await relayOf(c.env, run, slot).fetch(relayRequest(listener, c.req.raw));
    if (response.status === 101) return response;
    if (response.status === 404) return refuse(c, refused('not-found'));
  }
  return refuse(c, refused('busy', 'the event sockets of this run are all taken'));
}
