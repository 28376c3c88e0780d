import type { DenseLayer } from './dense-network.ts';

/**
 * One layer over a batch, forward and backward. The loops are written out, with the outputs innermost, so that they run
 * along the rows of the kernel. An input of 0 costs nothing: half of the pixels and of what ReLU lets through are 0.
 */

/** out = x·W + b, then ReLU if the layer has it. `x` and `out` hold a row for each example. */
export function forward(
  { inputs, outputs, hasRelu }: DenseLayer,
  [kernel, bias]: readonly [Float32Array, Float32Array],
  x: Float32Array,
  out: Float32Array,
  examples: number,
): void {
  for (let n = 0; n < examples; n++) {
    const row = n * outputs;
    for (let o = 0; o < outputs; o++) out[row + o] = bias[o] as number;
    for (let i = 0; i < inputs; i++) {
      const value = x[n * inputs + i] as number;
      if (value === 0) continue;
      const from = i * outputs;
      for (let o = 0; o < outputs; o++)
        out[row + o] = (out[row + o] as number) + value * (kernel[from + o] as number);
    }
    if (hasRelu) for (let o = 0; o < outputs; o++) if ((out[row + o] as number) < 0) out[row + o] = 0;
  }
}

/** Adds to the gradients of kernel and bias. `dOut` is the gradient before the bias, so ReLU was undone. */
export function addGradients(
  { inputs, outputs }: DenseLayer,
  x: Float32Array,
  dOut: Float32Array,
  [dKernel, dBias]: readonly [Float32Array, Float32Array],
  examples: number,
): void {
  for (let n = 0; n < examples; n++) {
    const row = n * outputs;
    for (let o = 0; o < outputs; o++) dBias[o] = (dBias[o] as number) + (dOut[row + o] as number);
    for (let i = 0; i < inputs; i++) {
      const value = x[n * inputs + i] as number;
      if (value === 0) continue;
      const from = i * outputs;
      for (let o = 0; o < outputs; o++)
        dKernel[from + o] = (dKernel[from + o] as number) + value * (dOut[row + o] as number);
    }
  }
}

/** The gradient of what the layer before gave. Where `x` is 0, that layer's ReLU let nothing through. */
export function backward(
  { inputs, outputs }: DenseLayer,
  kernel: Float32Array,
  x: Float32Array,
  dOut: Float32Array,
  dX: Float32Array,
  examples: number,
): void {
  for (let n = 0; n < examples; n++) {
    const row = n * outputs;
    for (let i = 0; i < inputs; i++) {
      const at = n * inputs + i;
      let sum = 0;
      const from = i * outputs;
      if ((x[at] as number) > 0)
        for (let o = 0; o < outputs; o++) sum += (kernel[from + o] as number) * (dOut[row + o] as number);
      dX[at] = sum;
    }
  }
}

/**
 * Softmax and cross-entropy of logits. They become the gradient of the mean loss over the examples.
 * @returns the sum of the losses
 */
export function crossEntropy(logits: Float32Array, labels: Uint8Array, classes: number): number {
  let loss = 0;
  for (let n = 0; n < labels.length; n++) {
    const row = logits.subarray(n * classes, (n + 1) * classes);
    let largest = row[0] as number;
    for (let c = 1; c < classes; c++) largest = Math.max(largest, row[c] as number);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp((row[c] as number) - largest);
    const label = labels[n] as number;
    loss += Math.log(sum) + largest - (row[label] as number);
    for (let c = 0; c < classes; c++)
      row[c] = (Math.exp((row[c] as number) - largest) / sum - (c === label ? 1 : 0)) / labels.length;
  }
  return loss;
}
