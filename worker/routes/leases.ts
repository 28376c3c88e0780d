import { Hono } from 'hono';
import { idSchema } from '../../shared/protocol/identifiers.ts';
import { leaseRequestSchema, releaseRequestSchema } from '../../shared/protocol/messages.ts';
import { coordinatorOf } from '../coordinator/coordinator-of.ts';
import { leaseOf, volunteerOf } from '../doors/callers.ts';
import { type HonoEnv, readJson, refuse, respond } from './http.ts';
import { takeUpdate } from './take-update.ts';

export const leases = new Hono<HonoEnv>()
  .post('/:run/leases', async c => {
    const volunteer = await volunteerOf(c);
    if (!volunteer.ok) return refuse(c, volunteer);
    const request = await readJson(c.req.raw, leaseRequestSchema);
    if (!request.ok) return refuse(c, request);
    const coordinator = coordinatorOf(c.env, c.req.param('run'));
    const { beside, macsPerSecond } = request.value;
    return respond(c, await coordinator.lease(volunteer.value, beside, macsPerSecond));
  })
  .put('/:run/leases/:lease/update', async c => {
    const { run, lease } = c.req.param();
    const claims = await leaseOf(c, run, lease);
    if (!claims.ok) {
      const bytes = Number(c.req.header('content-length') ?? 0);
      // What is no id is of no lease, and the ledger tells no text of a stranger's.
      if (idSchema.safeParse(lease).success)
        await coordinatorOf(c.env, run).reportForged(lease, claims.reason, bytes);
      return refuse(c, claims);
    }
    return respond(c, await takeUpdate(c.env, claims.value, c.req.raw));
  })
  .post('/:run/leases/:lease/release', async c => {
    const volunteer = await volunteerOf(c);
    if (!volunteer.ok) return refuse(c, volunteer);
    const request = await readJson(c.req.raw, releaseRequestSchema, { isFree: true });
    if (!request.ok) return refuse(c, request);
    const { run, lease } = c.req.param();
    const { reason, diverged } = request.value;
    return respond(c, await coordinatorOf(c.env, run).release(volunteer.value, lease, reason, diverged));
  });
