import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  type BinaryInputs,
  broadcast_util,
  ClipByValue,
  type ClipByValueAttrs,
  type ClipByValueInputs,
  Maximum,
  Minimum,
  Relu6,
  type Relu6Inputs,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import { broadcastTo } from './broadcast-to.ts';
import { addressOf, elementBlocks, simdOn } from './simd-calls.ts';
import { stockKernel, type WasmKernelArgs, wasmKernel } from './wasm-kernel.ts';

/**
 * The larger and the smaller of two, and numbers between bounds, all of which keep NaN. The stock kernels compare and
 * choose, and no comparison with NaN is true: `clip` and `relu6` make a number of it, and so does a maximum if the
 * second number is NaN.
 */
export function clip(backend: BackendWasm, x: TensorInfo, low: number, high: number): TensorInfo {
  const y = backend.makeOutput([...x.shape], x.dtype);
  const simd = x.dtype === 'float32' ? simdOn(backend) : null;
  const count = util.sizeFromShape(x.shape);
  if (simd) {
    const args = [addressOf(simd, x), addressOf(simd, y), count, low, high];
    simd.kernels.run('clip', elementBlocks(count), args);
    return y;
  }
  const [from, to] = [backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(y)];
  for (let i = 0; i < count; i++) to[i] = Math.min(Math.max(from[i] as number, low), high);
  return y;
}

const clipByValue = ({ inputs, attrs, backend }: WasmKernelArgs<ClipByValueInputs, ClipByValueAttrs>) =>
  clip(backend, inputs.x, attrs.clipValueMin, attrs.clipValueMax);

const relu6 = ({ inputs, backend }: WasmKernelArgs<Relu6Inputs, object>) => clip(backend, inputs.x, 0, 6);

type Choice = 'maximum' | 'minimum';

const stock = {
  maximum: stockKernel<BinaryInputs, object>(Maximum),
  minimum: stockKernel<BinaryInputs, object>(Minimum),
};

const chooser =
  (choice: Choice) =>
  ({ inputs: { a, b }, backend }: WasmKernelArgs<BinaryInputs, object>): TensorInfo => {
    if (a.dtype !== 'float32' || b.dtype !== 'float32') return stock[choice](backend, { a, b }, {});
    const shape = broadcast_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
    return broadcastTo(backend, a, shape, as =>
      broadcastTo(backend, b, shape, bs => choose(backend, choice, as, bs)),
    );
  };

function choose(backend: BackendWasm, choice: Choice, a: TensorInfo, b: TensorInfo): TensorInfo {
  const y = backend.makeOutput([...a.shape], 'float32');
  const simd = simdOn(backend);
  const count = util.sizeFromShape(a.shape);
  if (simd) {
    const addresses = [a, b, y].map(tensor => addressOf(simd, tensor));
    simd.kernels.run(choice, elementBlocks(count), [...addresses, count]);
    return y;
  }
  const pick = choice === 'maximum' ? Math.max : Math.min;
  const [as, bs, ys] = [a, b, y].map(tensor => backend.typedArrayFromHeap(tensor));
  for (let i = 0; ys && i < count; i++) ys[i] = pick(as?.[i] as number, bs?.[i] as number);
  return y;
}

export const boundConfigs = [
  wasmKernel(ClipByValue, clipByValue),
  wasmKernel(Relu6, relu6),
  wasmKernel(Maximum, chooser('maximum')),
  wasmKernel(Minimum, chooser('minimum')),
];
