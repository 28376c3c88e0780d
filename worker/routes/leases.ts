import { type Context, Hono } from 'hono';
import { idSchema } from '../../shared/protocol/identifiers.ts';
import type { LeaseClaims } from '../../shared/protocol/lease.ts';
import { leaseRequestSchema, releaseRequestSchema } from '../../shared/protocol/messages.ts';
import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import { coordinatorOf } from '../coordinator/coordinator-of.ts';
import { readLeaseToken, readVolunteerToken } from '../tokens.ts';
import { bearer, type HonoEnv, readJson, refuse, respond } from './http.ts';
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

/** The volunteer who holds this token, if it is of this run. */
async function volunteerOf(c: Context<HonoEnv>): Promise<Result<string>> {
  const claims = await readVolunteerToken(c.env, bearer(c));
  return claims && claims.run === c.req.param('run') ? accepted(claims.volunteer) : refused('unauthorised');
}

async function leaseOf(c: Context<HonoEnv>, run: string, lease: string): Promise<Result<LeaseClaims>> {
  const claims = await readLeaseToken(c.env, bearer(c));
  return claims?.run === run && claims.lease === lease ? accepted(claims) : refused('unauthorised');
}
