import * as tf from '@tensorflow/tfjs-core';

/**
 * The border between our ops and tfjs's loosely typed registries of kernels and gradients; the casts are here. A
 * kernel's attributes are type aliases and not interfaces, because only aliases are also maps of attributes.
 */
type Inputs = Readonly<Record<string, tf.Tensor>>;

/** Runs a kernel of several outputs on the backend in use. @throws if that backend has no kernel of this name */
export function runKernelForAll<Outputs extends readonly tf.Tensor[]>(
  name: string,
  inputs: Inputs,
  attrs: tf.NamedAttrMap,
): Outputs {
  return tf.engine().runKernel(name, { ...inputs }, attrs) as tf.Tensor[] as unknown as Outputs;
}

/** Runs a kernel of one output on the backend in use. @throws if that backend has no kernel of this name */
export function runKernelForOne(name: string, inputs: Inputs, attrs: tf.NamedAttrMap): tf.Tensor {
  return tf.engine().runKernel(name, { ...inputs }, attrs) as tf.Tensor;
}

export interface OpGradient<Dys extends readonly tf.Tensor[], Saved extends readonly tf.Tensor[], Attrs> {
  readonly kernelName: string;
  readonly inputsToSave: readonly string[];
  /** Which outputs the gradient needs, by place. */
  readonly outputsToSave?: readonly boolean[];
  /**
   * `dys` are in the order of the outputs, zeros if no gradient flows; `saved` has the inputs first, then the
   * outputs. Whatever is computed outside the returned functions is computed once for all inputs.
   */
  readonly gradient: (dys: Dys, saved: Saved, attrs: Attrs) => Readonly<Record<string, () => tf.Tensor>>;
}

export function registerOpGradient<
  Dys extends readonly tf.Tensor[],
  Saved extends readonly tf.Tensor[],
  Attrs,
>(config: OpGradient<Dys, Saved, Attrs>): void {
  tf.registerGradient({
    kernelName: config.kernelName,
    inputsToSave: [...config.inputsToSave],
    outputsToSave: [...(config.outputsToSave ?? [])],
    gradFunc: (dy, saved, attrs) => ({
      ...config.gradient(
        (Array.isArray(dy) ? dy : [dy]) as readonly tf.Tensor[] as Dys,
        saved as readonly tf.Tensor[] as Saved,
        attrs as unknown as Attrs,
      ),
    }),
  });
}

/** Whether it can be a number of things, such as groups: −2 divides 4 too, and so does a half. */
export const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;
