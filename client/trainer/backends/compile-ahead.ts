import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Compiles what a training step needs, several shaders at once, without running it: on WebGPU the first step would
 * otherwise wait for each in turn, on the lease's clock. `step` makes the tensors that a real one makes, of the real
 * shapes; what it computes is meaningless, so the variables it may assign, and those that its layers assign, have their
 * values back afterwards. Does nothing on other backends.
 * @param step runs within `tidy` and reads nothing back
 */
export async function compileAhead(step: () => void): Promise<void> {
  if (tf.getBackend() !== 'webgpu') return;
  const backend = tf.backend() as WebGPUBackend;
  tf.env().set('WEBGPU_ENGINE_COMPILE_ONLY', true);
  try {
    tf.tidy(() => keepingVariables(step));
  } finally {
    tf.env().set('WEBGPU_ENGINE_COMPILE_ONLY', false);
    await backend.checkCompileCompletionAsync();
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
