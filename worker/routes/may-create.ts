import type { Context } from 'hono';
import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import { hashKey, sameKey } from '../tokens.ts';
import { bearer, type HonoEnv } from './http.ts';

/**
 * Who may create runs, and so upload blobs and data sets. Everyone may if creation is open. Else only the holder of
 * the deployment key may.
 */
export async function mayCreate(c: Context<HonoEnv>): Promise<Result<true>> {
  const { RUN_CREATION, DEPLOYMENT_KEY } = c.env;
  if (RUN_CREATION === 'open') return accepted(true);
  const isHost = DEPLOYMENT_KEY !== undefined && (await sameKey(bearer(c), await hashKey(DEPLOYMENT_KEY)));
  return isHost ? accepted(true) : refused('creation-closed');
}
