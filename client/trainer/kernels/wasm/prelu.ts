import { Prelu, type PreluInputs, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { broadcastTo } from './broadcast-to.ts';
import { stockKernel, type WasmKernelArgs, wasmKernel } from './wasm-kernel.ts';

const stockPrelu = stockKernel<PreluInputs, object>(Prelu);

/**
 * Slopes of any shape that can be repeated to the input's. The stock kernel reads them as one row, over and over, so a
 * slope for each row, or for each place but not each channel, goes to the wrong values.
 */
function prelu({ inputs: { x, alpha }, backend }: WasmKernelArgs<PreluInputs, object>): TensorInfo {
  if (isRow(alpha.shape, x.shape)) return stockPrelu(backend, { x, alpha }, {});
  return broadcastTo(backend, alpha, x.shape, slopes => stockPrelu(backend, { x, alpha: slopes }, {}));
}

/** Whether the slopes, one after the other, are those of each run of so many inputs. */
function isRow(alpha: readonly number[], x: readonly number[]): boolean {
  const size = util.sizeFromShape([...alpha]);
  const axes = alpha.slice(alpha.findIndex(count => count > 1));
  return size === 1 || util.arraysEqual(axes, x.slice(x.length - axes.length));
}

export const preluConfig = wasmKernel(Prelu, prelu);
