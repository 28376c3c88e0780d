import { Hono } from 'hono';
import { checkVerdictSchema } from '../../shared/protocol/check.ts';
import { idSchema } from '../../shared/protocol/identifiers.ts';
import { refused } from '../../shared/protocol/refusals.ts';
import { coordinatorOf } from '../coordinator/coordinator-of.ts';
import { volunteerOf } from '../doors/callers.ts';
import { type HonoEnv, MAX_SPEC_BYTES, readJson, refuse, respond } from './http.ts';

/** What only a referee asks: whether a version is to be checked, and what it found. */
export const checks = new Hono<HonoEnv>()
  .post('/:run/checks', async c => {
    const volunteer = await volunteerOf(c);
    if (!volunteer.ok) return refuse(c, volunteer);
    return respond(c, await coordinatorOf(c.env, c.req.param('run')).requestCheck(volunteer.value));
  })
  .post('/:run/checks/:check', async c => {
    const volunteer = await volunteerOf(c);
    if (!volunteer.ok) return refuse(c, volunteer);
    const { run, check } = c.req.param();
    if (!idSchema.safeParse(check).success) return refuse(c, refused('not-found'));
    const verdict = await readJson(c.req.raw, checkVerdictSchema, { maxBytes: MAX_SPEC_BYTES });
    if (!verdict.ok) return refuse(c, verdict);
    return respond(c, await coordinatorOf(c.env, run).noteVerdict(volunteer.value, check, verdict.value));
  });
