import { plainJoinCode } from '../../shared/protocol/join-code.ts';
import type { CreateRunRequest } from '../../shared/protocol/messages.ts';
import { accepted, type Result } from '../../shared/protocol/refusals.ts';
import type { Region } from '../../shared/protocol/region.ts';
import type { Env } from '../env.ts';
import { bucketOf } from '../storage/bucket-of.ts';
import { hashKey, seal } from '../tokens.ts';
import { checkRun } from './check-run.ts';
import type { RunIdentity } from './store/run-store.ts';

/**
 * What is kept of a run for good, if it can be made: of its host key the hash alone, and of its join code that and a sealed
 * text.
 */
export async function identifyRun(
  env: Env,
  run: string,
  request: CreateRunRequest,
  hostKey: string,
  location: Region | null,
): Promise<Result<RunIdentity>> {
  const checked = await checkRun(request, bucketOf(env));
  if (!checked.ok) return checked;
  const { spec, model, joinCode } = request;
  return accepted({
    run,
    config: { spec, model },
    hostKeyHash: await hashKey(hostKey),
    ...(await keptCode(env, run, joinCode)),
    ...(location && { location }),
  });
}

/** The host reads it again. So it is kept as text too, which nobody reads who has the storage alone. */
async function keptCode(
  env: Env,
  run: string,
  joinCode: string | undefined,
): Promise<Pick<RunIdentity, 'joinCodeHash' | 'sealedJoinCode'>> {
  if (joinCode === undefined) return { joinCodeHash: null };
  return {
    joinCodeHash: await hashKey(plainJoinCode(joinCode)),
    sealedJoinCode: await seal(env, codeUse(run), joinCode),
  };
}

/** For what the join code of a run is sealed. */
export const codeUse = (run: string): string => `join code of ${run}`;
