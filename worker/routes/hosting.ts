import { type Context, Hono } from 'hono';
import { archiveTermRequestSchema } from '../../shared/protocol/archive-term.ts';
import { idSchema } from '../../shared/protocol/identifiers.ts';
import { keyRequestSchema } from '../../shared/protocol/keys.ts';
import {
  archiveRequestSchema,
  controlRequestSchema,
  renameRequestSchema,
  renewRequestSchema,
  takeBackRequestSchema,
  visibilityRequestSchema,
} from '../../shared/protocol/messages.ts';
import { accepted, refused } from '../../shared/protocol/refusals.ts';
import { coordinatorOf } from '../coordinator/coordinator-of.ts';
import { isOwner } from '../doors/callers.ts';
import { forgetRun } from '../doors/known-runs.ts';
import type { ShownKey } from '../object-calls.ts';
import { bearer, type HonoEnv, readJson, refuse, respond } from './http.ts';

/** What only a run's host asks. The run's coordinator knows its keys, so it says who may. */
export const hosting = new Hono<HonoEnv>()
  .post('/:run/control', async c => {
    const request = await readJson(c.req.raw, controlRequestSchema);
    if (!request.ok) return refuse(c, request);
    const { key, isOwner: owns } = await shownIn(c);
    return respond(c, await coordinatorIn(c).control(key, request.value.action, owns));
  })
  .post('/:run/take-back', async c => {
    const request = await readJson(c.req.raw, takeBackRequestSchema);
    if (!request.ok) return refuse(c, request);
    return respond(c, await coordinatorIn(c).takeBack(await shownIn(c), request.value.version));
  })
  .delete('/:run/volunteers/:volunteer', async c => {
    const volunteer = idSchema.safeParse(c.req.param('volunteer'));
    if (!volunteer.success) return refuse(c, refused('not-found'));
    return respond(c, await coordinatorIn(c).remove(await shownIn(c), volunteer.data));
  })
  .patch('/:run/volunteers/:volunteer', async c => {
    const volunteer = idSchema.safeParse(c.req.param('volunteer'));
    if (!volunteer.success) return refuse(c, refused('not-found'));
    const request = await readJson(c.req.raw, renameRequestSchema);
    if (!request.ok) return refuse(c, request);
    const ask = { type: 'rename' as const, volunteer: volunteer.data, ...request.value };
    return respond(c, await coordinatorIn(c).asHost(await shownIn(c), ask));
  })
  .get('/:run/host', async c =>
    respond(c, await coordinatorIn(c).asHost(await shownIn(c), { type: 'about' })),
  )
  .post('/:run/archived', async c => {
    const request = await readJson(c.req.raw, archiveRequestSchema);
    if (!request.ok) return refuse(c, request);
    const ask = { type: 'archive' as const, ...request.value };
    return respond(c, await coordinatorIn(c).asHost(await shownIn(c), ask));
  })
  .post('/:run/visibility', async c => {
    const request = await readJson(c.req.raw, visibilityRequestSchema);
    if (!request.ok) return refuse(c, request);
    const ask = { type: 'visibility' as const, ...request.value };
    return respond(c, await coordinatorIn(c).asHost(await shownIn(c), ask));
  })
  .post('/:run/archive-term', async c => {
    const request = await readJson(c.req.raw, archiveTermRequestSchema);
    if (!request.ok) return refuse(c, request);
    const ask = { type: 'archives' as const, ...request.value };
    return respond(c, await coordinatorIn(c).asHost(await shownIn(c), ask));
  })
  .delete('/:run', async c => {
    const run = c.req.param('run');
    const deleted = await coordinatorOf(c.env, run).deleteRun(await shownIn(c));
    if (deleted.ok) forgetRun(run);
    return respond(c, deleted);
  })
  .get('/:run/keys', async c => {
    const keys = await coordinatorIn(c).listKeys(await shownIn(c));
    return respond(c, keys.ok ? accepted({ keys: keys.value }) : keys);
  })
  .post('/:run/keys', async c => {
    const request = await readJson(c.req.raw, keyRequestSchema);
    if (!request.ok) return refuse(c, request);
    return respond(c, await coordinatorIn(c).makeKey(await shownIn(c), request.value), 201);
  })
  .delete('/:run/keys/:key', async c => {
    const key = idSchema.safeParse(c.req.param('key'));
    if (!key.success) return refuse(c, refused('not-found'));
    return respond(c, await coordinatorIn(c).revokeKey(await shownIn(c), key.data));
  })
  .post('/:run/host-key', async c => {
    const request = await readJson(c.req.raw, renewRequestSchema);
    if (!request.ok) return refuse(c, request);
    return respond(c, await coordinatorIn(c).renewHostKey(await shownIn(c), request.value.nonce));
  });

const coordinatorIn = (c: Context<HonoEnv>) => coordinatorOf(c.env, c.req.param('run') ?? '');

const shownIn = async (c: Context<HonoEnv>): Promise<ShownKey> => ({
  key: bearer(c),
  isOwner: await isOwner(c),
});
