import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { BackendLostError } from './backend-errors.ts';

/** tfjs's private cache of shaders by their source; those that are being compiled are promises. */
interface PipelineCache {
  readonly pipelineCache: Record<string, GPUComputePipeline | Promise<GPUComputePipeline>>;
}

/**
 * Compiles what a training step needs without running it, several shaders at once. Otherwise the first step on WebGPU
 * would wait for each in turn, on the lease's clock. `step` makes the tensors of a real step, in the real shapes.
 * What it computes is meaningless, so all variables have their values back afterwards. On other backends it does
 * nothing.
 * @param step runs within `tidy` and reads nothing back
 * @throws BackendLostError if the driver refuses a shader, and whatever `step` throws
 */
export async function compileAhead(step: () => void): Promise<void> {
  if (tf.getBackend() !== 'webgpu') return;
  const backend = tf.backend() as WebGPUBackend;
  tf.env().set('WEBGPU_ENGINE_COMPILE_ONLY', true);
  try {
    tf.tidy(() => keepingVariables(step));
  } finally {
    tf.env().set('WEBGPU_ENGINE_COMPILE_ONLY', false);
    await untilCompiled(backend);
  }
}

/** A shader that did not compile would stay in tfjs's cache as a promise, and the next caller would be told to wait. */
async function untilCompiled(backend: WebGPUBackend): Promise<void> {
  try {
    await backend.checkCompileCompletionAsync();
  } catch (error) {
    const { pipelineCache } = backend as unknown as PipelineCache;
    for (const [source, pipeline] of Object.entries(pipelineCache))
      if (pipeline instanceof Promise) delete pipelineCache[source];
    throw new BackendLostError(`a shader did not compile: ${(error as Error).message}`);
  }
}

/** A clone shares the variable's data, so nothing is copied. */
function keepingVariables(step: () => void): void {
  const variables = Object.values(tf.engine().registeredVariables);
  const values = variables.map(variable => variable.clone());
  try {
    step();
  } finally {
    for (const [i, variable] of variables.entries()) {
      const value = values[i];
      if (value && !variable.isDisposed) variable.assign(value);
    }
  }
}
