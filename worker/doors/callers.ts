import type { Context } from 'hono';
import { type Action, isAllowed } from '../../shared/protocol/access.ts';
import type { LeaseClaims } from '../../shared/protocol/lease.ts';
import { OWNER_KEY_PREFIX } from '../../shared/protocol/ownership.ts';
import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import { askKeeper } from '../keeper/keeper-of.ts';
import { bearer, type HonoEnv } from '../routes/http.ts';
import { hashKey, readLeaseToken, readVolunteerToken, sameKey } from '../tokens.ts';

/** Whether the call shows the deployment key. */
export async function isOwner(c: Context<HonoEnv>): Promise<boolean> {
  const { DEPLOYMENT_KEY } = c.env;
  const shown = bearer(c);
  if (DEPLOYMENT_KEY) return sameKey(shown, await hashKey(DEPLOYMENT_KEY));
  // Whoever shows any other key needs no call of the keeper.
  if (!shown.startsWith(OWNER_KEY_PREFIX)) return false;
  const hash = await askKeeper(c.env, keeper => keeper.ownerKeyHash());
  return hash !== null && sameKey(shown, hash);
}

/** Whether this caller may do what concerns no run: there are only owners and others then. */
export const mayDo = async (c: Context<HonoEnv>, action: Action): Promise<boolean> =>
  isAllowed(action, 'visitor') || ((await isOwner(c)) && isAllowed(action, 'owner'));

const OTHER_KEY = 'the key that was shown is another one';

/** To create runs, and so to upload blobs and data sets. */
export async function mayCreate(c: Context<HonoEnv>): Promise<Result<true>> {
  const action = c.env.RUN_CREATION === 'open' ? 'create' : 'createIfClosed';
  if (await mayDo(c, action)) return accepted(true);
  return refused('creation-closed', bearer(c) === '' ? undefined : OTHER_KEY);
}

/** The volunteer who holds this token, if it is of this run. */
export async function volunteerOf(c: Context<HonoEnv>, token = bearer(c)): Promise<Result<string>> {
  const claims = await readVolunteerToken(c.env, token);
  const isOfRun = claims !== null && claims.run === c.req.param('run');
  return isOfRun ? accepted(claims.volunteer) : refused('unauthorised', 'a volunteer token of this run');
}

/** What the lease's token says, if it is of this run and lease. */
export async function leaseOf(c: Context<HonoEnv>, run: string, lease: string): Promise<Result<LeaseClaims>> {
  const claims = await readLeaseToken(c.env, bearer(c));
  return claims?.run === run && claims.lease === lease ? accepted(claims) : refused('unauthorised');
}
