import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  Add,
  Elu,
  getKernel,
  LeakyRelu,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  Prelu,
  Relu,
  Relu6,
  Sigmoid,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { single } from './wasm-kernel.ts';

/** What follows a product or a convolution in a fused kernel. */
export interface Fusion {
  readonly bias?: TensorInfo | null | undefined;
  readonly preluActivationWeights?: TensorInfo | null | undefined;
  readonly activation: string;
  readonly leakyreluAlpha?: number | undefined;
}

/**
 * Adds the bias to a fused kernel's product and applies the activation, each by its own kernel. The stock fused kernels
 * take another row's bias if they do not run on XNNPACK, and turn NaN into a number.
 * @param product is used up
 * @throws Error if the activation is not one of tfjs's fused ones
 */
export function finishFused(backend: BackendWasm, product: TensorInfo, fusion: Fusion): TensorInfo {
  const { bias, activation } = fusion;
  const sum = bias ? replace(backend, product, Add, { a: product, b: bias }) : product;
  if (activation === 'linear') return sum;
  const { name, inputs, attrs } = activationKernel(sum, fusion);
  return replace(backend, sum, name, inputs, attrs);
}

interface KernelCall {
  readonly name: string;
  readonly inputs: NamedTensorInfoMap;
  readonly attrs?: NamedAttrMap;
}

function activationKernel(x: TensorInfo, fusion: Fusion): KernelCall {
  const plain = { relu: Relu, relu6: Relu6, elu: Elu, sigmoid: Sigmoid }[fusion.activation];
  if (plain) return { name: plain, inputs: { x } };
  const { preluActivationWeights: alpha, leakyreluAlpha } = fusion;
  if (fusion.activation === 'prelu' && alpha) return { name: Prelu, inputs: { x, alpha } };
  if (fusion.activation === 'leakyrelu')
    return { name: LeakyRelu, inputs: { x }, attrs: { alpha: leakyreluAlpha ?? 0 } };
  throw new Error(`a fused kernel has no activation '${fusion.activation}'`);
}

/** Runs the kernel that is registered now, and frees the tensor that its result takes the place of. */
function replace(
  backend: BackendWasm,
  used: TensorInfo,
  name: string,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap = {},
): TensorInfo {
  const result = single(getKernel(name, 'wasm').kernelFunc({ inputs, attrs, backend }));
  backend.disposeData(used.dataId);
  return result;
}
