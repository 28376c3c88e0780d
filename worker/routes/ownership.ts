import { Hono } from 'hono';
import { claimRequestSchema, type Ownership } from '../../shared/protocol/ownership.ts';
import { refused } from '../../shared/protocol/refusals.ts';
import type { StorageUsage } from '../../shared/protocol/storage-usage.ts';
import { mayDo } from '../doors/callers.ts';
import type { Env } from '../env.ts';
import { housekeeperOf } from '../housekeeper/housekeeper-of.ts';
import { askKeeper } from '../keeper/keeper-of.ts';
import { namesOfRuns } from '../storage/directory.ts';
import { hashKey } from '../tokens.ts';
import { type HonoEnv, readJson, refuse, respond } from './http.ts';

/** Who owns the deployment, and the claim by which somebody becomes its owner. */
export const ownership = new Hono<HonoEnv>()
  .get('/', async c => c.json(await ownershipOf(c.env)))
  .get('/storage', async c => {
    const allowed = await mayDo(c, 'seeStorage');
    if (!allowed) return refuse(c, refused('forbidden', OWNER_ONLY));
    return c.json(await usageOf(c.env));
  })
  .post('/storage', async c => {
    const allowed = await mayDo(c, 'seeStorage');
    if (!allowed) return refuse(c, refused('forbidden', OWNER_ONLY));
    await housekeeperOf(c.env).walkNow();
    return c.json({});
  })
  .post('/claim', async c => {
    const request = await readJson(c.req.raw, claimRequestSchema);
    if (!request.ok) return refuse(c, request);
    if (c.env.DEPLOYMENT_KEY) return refuse(c, refused('wrong-claim', BY_SECRET));
    const { claim, keyHash } = request.value;
    const claimHash = await hashKey(claim);
    // A stranger's claim wakes no object. The hash of 256 random bits tells nothing by the time that it takes.
    if (claimHash !== openClaim(c.env)) return refuse(c, refused('wrong-claim'));
    return respond(c, await askKeeper(c.env, keeper => keeper.claim(claimHash, keyHash)));
  });

const OWNER_ONLY = 'show the deployment key';

const BY_SECRET = 'this deployment has its key as the secret DEPLOYMENT_KEY, so nobody can claim it';

/** The hash of the claim that the last deploy printed. Null if there is none, or if it has ended. */
function openClaim({ CLAIM_HASH, CLAIM_ENDS }: Env): string | null {
  return CLAIM_HASH && Date.now() < Number(CLAIM_ENDS) ? CLAIM_HASH : null;
}

async function ownershipOf(env: Env): Promise<Ownership> {
  const creation = env.RUN_CREATION;
  if (env.DEPLOYMENT_KEY) return { creation, isOwned: true, hasClaim: false };
  return { creation, ...(await askKeeper(env, keeper => keeper.ownership(openClaim(env)))) };
}

/** With the names of runs, which the housekeeper does not know. If it was never counted, that begins. */
async function usageOf(env: Env): Promise<StorageUsage> {
  const { owners, ...usage } = await housekeeperOf(env).stored();
  if (usage.countedAt === null) await housekeeperOf(env).walkNow();
  const runs = owners.flatMap(({ owner }) => /^run (.+)$/.exec(owner)?.[1] ?? []);
  const names = await namesOfRuns(env.DIRECTORY, runs);
  const told = owners.map(({ owner, ...amount }) => {
    const [, kind, name = ''] = /^(run|dataset) (.*)$/s.exec(owner) ?? [];
    const title = names.get(name);
    if (kind === 'run') return { run: name, ...(title !== undefined && { name: title }), ...amount };
    return kind === 'dataset' ? { dataset: name, ...amount } : amount;
  });
  return { ...usage, isCounting: usage.isCounting || usage.countedAt === null, owners: told };
}
