import type { StepName } from '../build/build-steps.ts';
import { buildUpTo } from '../build/build-up-to.ts';

/** Builds, and also says so if there was nothing to do: somebody asked for it. */
export async function buildAndTell(upTo: StepName): Promise<void> {
  const built = await buildUpTo(upTo);
  if (built.length === 0) console.error('Everything is built.');
}
