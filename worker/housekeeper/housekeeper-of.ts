import type { Env } from '../env.ts';

export const housekeeperOf = (env: Pick<Env, 'HOUSEKEEPERS'>) => env.HOUSEKEEPERS.getByName('housekeeper');

/** A housekeeper that was told so lately needs not hear of the next upload. */
const TELL_EVERY_MS = 3_600_000;

let toldAt = Number.NEGATIVE_INFINITY;

/** Something was stored, so there is something to walk through one day. It never rejects. */
export async function noteStored(env: Pick<Env, 'HOUSEKEEPERS'>, now: number): Promise<void> {
  if (Math.abs(now - toldAt) < TELL_EVERY_MS) return;
  toldAt = now;
  try {
    await housekeeperOf(env).expectWalk();
  } catch (error) {
    toldAt = Number.NEGATIVE_INFINITY;
    console.error('the housekeeper was not told', error);
  }
}
