import { makeHelpersBy } from '../../trainer/threads/helper-thread.ts';
import type { BackendChoice } from '../../trainer/trainer-api.ts';
import { startNodeHelper } from './kernel-helpers.ts';
import { installWebgpu } from './node-webgpu.ts';

/**
 * Gives this thread what a trainer finds in a browser: a way to start helper threads, and WebGPU if the trainer may choose
 * it.
 * @returns why the backend that was asked for by name is not available, or null if it is
 */
export async function prepareTrainer(backend: BackendChoice): Promise<string | null> {
  makeHelpersBy(startNodeHelper);
  if (backend !== 'webgpu' && backend !== 'auto') return null;
  const reason = await installWebgpu();
  return backend === 'webgpu' ? reason : null;
}
