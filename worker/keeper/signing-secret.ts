import type { Env } from '../env.ts';
import { askKeeper } from './keeper-of.ts';

/** What the keeper has told. The value and not its promise: no request may wait for another one's call. */
let told: string | null = null;

/**
 * What signs this deployment's tokens: TOKEN_SECRET if it is set, else what the platform has made and keeps.
 * @throws KeeperAwayError if it is not set and the keeper cannot be reached
 */
export async function signingSecret(env: Pick<Env, 'TOKEN_SECRET' | 'SECRETS'>): Promise<string> {
  if (env.TOKEN_SECRET) return env.TOKEN_SECRET;
  told ??= await askKeeper(env, keeper => keeper.signingSecret());
  return told;
}
