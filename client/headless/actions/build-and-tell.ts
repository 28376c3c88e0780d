import type { StepName } from '../build/build-steps.ts';
import { buildUpTo } from '../build/build-up-to.ts';

/** Asked for by name, a build says also that there was nothing to do. */
export async function buildAndTell(upTo: StepName): Promise<void> {
  const built = await buildUpTo(upTo);
  if (built.length === 0) console.error('Everything is built.');
}
