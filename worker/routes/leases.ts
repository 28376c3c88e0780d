import { type Context, Hono } from 'hono';
import type { LeaseClaims } from '../../shared/protocol/lease.ts';
import { leaseRequestSchema, releaseRequestSchema } from '../../shared/protocol/messages.ts';
import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import { cohortOf } from '../cohort/cohort-of.ts';
import { coordinatorOf } from '../coordinator/coordinator-of.ts';
import { readLeaseToken, readVolunteerToken } from '../tokens.ts';
import { bearer, type HonoEnv, readBody, readJson, refuse, respond } from './http.ts';

export const leases = new Hono<HonoEnv>()
  .post('/:run/leases', async c => {
    const volunteer = await volunteerOf(c);
    if (!volunteer.ok) return refuse(c, volunteer);
    const request = await readJson(c.req.raw, leaseRequestSchema);
    if (!request.ok) return refuse(c, request);
    const coordinator = coordinatorOf(c.env, c.req.param('run'));
    return respond(c, await coordinator.lease(volunteer.value, request.value.beside));
  })
  .put('/:run/leases/:lease/update', async c => {
    const { run, lease } = c.req.param();
    const claims = await leaseOf(c, run, lease);
    if (!claims.ok) {
      await coordinatorOf(c.env, run).reportForged(
        lease,
        claims.reason,
        Number(c.req.header('content-length') ?? 0),
      );
      return refuse(c, claims);
    }
    const { role, cohort, byteAllowance, location } = claims.value;
    const stub = cohortOf(c.env, run, role, cohort, location);
    const body = await readBody(c.req.raw, byteAllowance);
    if (!body.ok) {
      await stub.refuse(claims.value, body, Number(c.req.header('content-length') ?? 0));
      return refuse(c, body);
    }
    return respond(c, await stub.accept(claims.value, body.value));
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
