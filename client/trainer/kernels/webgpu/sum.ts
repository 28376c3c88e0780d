import {
  backend_util,
  Mean,
  type MeanAttrs,
  type MeanInputs,
  Sum,
  type SumAttrs,
  type SumInputs,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import { type GpuKernelArgs, gpuKernel, stockKernel, withFloats } from './gpu-kernel.ts';
import { sumColumns } from './sum-columns.ts';

interface Reduction {
  readonly outer: number;
  readonly rows: number;
  readonly columns: number;
  readonly shape: readonly number[];
}

/**
 * The axes as [outer, rows, columns] with the rows summed. It is null if they are not neighbours, or if no other axis
 * follows them.
 */
function reductionOf(x: TensorInfo, axis: number | number[], keepDims: boolean): Reduction | null {
  const axes = util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
  const [first, last] = [axes[0], axes.at(-1)];
  if (first === undefined || last === undefined || last - first + 1 !== axes.length) return null;
  if (last === x.shape.length - 1 || x.dtype !== 'float32') return null;
  const [outShape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const sizeOf = (from: number, to?: number): number => util.sizeFromShape(x.shape.slice(from, to));
  return {
    outer: sizeOf(0, first),
    rows: sizeOf(first, last + 1),
    columns: sizeOf(last + 1),
    shape: keepDims ? backend_util.expandShapeToKeepDim(outShape, axes) : outShape,
  };
}

/**
 * Bias gradients and global average pools reduce axes before the channels. The stock kernel first transposes the
 * whole tensor then: one more read, write and dispatch.
 */
const reduceKernel = <Inputs extends SumInputs | MeanInputs>(name: string, isMean: boolean) => {
  const stock = stockKernel<{ x: TensorInfo }, SumAttrs | MeanAttrs>(name);
  return gpuKernel<Inputs, SumAttrs | MeanAttrs>(
    name,
    ({ inputs: { x }, attrs, backend }: GpuKernelArgs<SumInputs, SumAttrs>) => {
      const reduction = reductionOf(x, attrs.axis, attrs.keepDims);
      if (!reduction || util.sizeFromShape(x.shape) === 0) return stock(backend, { x }, attrs);
      const scale = isMean ? 1 / reduction.rows : 1;
      return withFloats(backend, [x], ([floats = x]) =>
        sumColumns(backend, floats, reduction.outer, reduction, scale, reduction.shape),
      );
    },
  );
};

export const sumConfigs = () => [reduceKernel<SumInputs>(Sum, false), reduceKernel<MeanInputs>(Mean, true)];
