import { makeHelpersBy } from '../../trainer/threads/helper-thread.ts';
import type { BackendChoice } from '../../trainer/trainer-api.ts';
import { hasAdapter } from './has-adapter.ts';
import { startNodeHelper } from './kernel-helpers.ts';
import { hasDriver, installWebgpu } from './node-webgpu.ts';

/**
 * Gives this thread what a trainer finds in a browser: a way to start helper threads, and WebGPU if the trainer may choose
 * it.
 * @returns why the backend that was asked for by name is not available, or null if it is
 */
export async function prepareTrainer(backend: BackendChoice): Promise<string | null> {
  makeHelpersBy(startNodeHelper);
  if (backend !== 'webgpu' && backend !== 'auto') return null;
  const reason = hasDriver() && !(await hasAdapter()) ? NO_ADAPTER : await installWebgpu();
  return backend === 'webgpu' ? reason : null;
}

const NO_ADAPTER = 'WebGPU finds no graphics card here: its driver may be missing';
