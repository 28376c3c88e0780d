import { SEED_DIGITS } from '../../shared/aggregation/update-sketch.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import type { Env } from '../env.ts';
import { deriveKey } from '../tokens.ts';

/**
 * [STAND2] The seeds of a run's sketches, the same for all its cohorts. They follow from the secret of the deployment, so
 * nobody else can know one before the ledger tells it, and one that was told says nothing of the others.
 */
export async function sketchSeeds(env: Env, run: string): Promise<(round: number) => string> {
  const secret = await deriveKey(env, 'sketches', run);
  return round => sha256Hex(new TextEncoder().encode(`${secret} ${round}`)).slice(0, SEED_DIGITS);
}
