import {
  ArgMax,
  type ArgMaxAttrs,
  type ArgMaxInputs,
  ArgMin,
  ClipByValue,
  type ClipByValueAttrs,
  type KernelConfig,
  Relu6,
  type Relu6Inputs,
  type TensorInfo,
  Transpose,
  type TransposeAttrs,
  type TransposeInputs,
  util,
} from '@tensorflow/tfjs-core';
import { elementwise, runElementwise } from './elementwise.ts';
import { type GpuKernelArgs, gpuKernel, stockKernel, withFloats } from './gpu-kernel.ts';
import { type GpuBackend, type GpuProgram, i32, makeTensor } from './gpu-program.ts';

/** Kernels that are wrong in tfjs's WebGPU backend. */
export const mendedConfigs = (): KernelConfig[] => [
  transposeConfig(),
  placeConfig(ArgMax),
  placeConfig(ArgMin),
  relu6Config(),
];

const MAX_RANK = 6;
const AXES = Array.from({ length: MAX_RANK }, (_, axis) => axis);

const turnWholeNumbers: GpuProgram = {
  ...elementwise(
    'transposeWholeNumbers',
    ['x'],
    ['y'],
    `var rest = i;
  var source = 0;
  ${AXES.map(
    axis => `source += rest % uniforms.size${axis} * uniforms.stride${axis}; rest /= uniforms.size${axis};`,
  ).join('\n  ')}
  y[i] = x[source];`,
  ),
  inputType: 'i32',
  outputType: 'i32',
};

/** The last axis comes first, because the program splits the place that way. Missing axes have one place. */
function transposeWholeNumbers(backend: GpuBackend, x: TensorInfo, perm: readonly number[]): TensorInfo {
  const strides = [...util.computeStrides(x.shape), 1];
  const y = makeTensor(
    backend,
    perm.map(axis => x.shape[axis] ?? 1),
    x.dtype,
  );
  const axes = [...perm].reverse();
  const uniforms = AXES.flatMap(i => {
    const axis = axes[i];
    const [size, stride] = axis === undefined ? [1, 0] : [x.shape[axis] ?? 1, strides[axis] ?? 0];
    return [[`size${i}`, i32(size)] as const, [`stride${i}`, i32(stride)] as const];
  });
  runElementwise(backend, turnWholeNumbers, [x], [y], Object.fromEntries(uniforms));
  return y;
}

/** The stock shader does not compile for whole numbers of three axes or more. */
function transposeConfig(): KernelConfig {
  const stock = stockKernel<{ x: TensorInfo }, TransposeAttrs>(Transpose);
  return gpuKernel<TransposeInputs, TransposeAttrs>(Transpose, ({ inputs: { x }, attrs, backend }) => {
    if (x.shape.length < 3 || util.sizeFromShape(x.shape) === 0) return stock(backend, { x }, attrs);
    return x.dtype === 'float32'
      ? withFloats(backend, [x], ([floats = x]) => stock(backend, { x: floats }, attrs))
      : transposeWholeNumbers(backend, x, attrs.perm);
  });
}

/** Shaders need not keep NaN, and the stock kernel makes 0 of it. The one that clips has a branch that keeps it. */
function relu6Config(): KernelConfig {
  const clip = stockKernel<{ x: TensorInfo }, ClipByValueAttrs>(ClipByValue);
  return gpuKernel<Relu6Inputs, object>(Relu6, ({ inputs: { x }, backend }) =>
    clip(backend, { x }, { clipValueMin: 0, clipValueMax: 6 }),
  );
}

/** The stock kernels return a vector's place as a vector of one. */
function placeConfig(name: typeof ArgMax | typeof ArgMin): KernelConfig {
  const stock = stockKernel<{ x: TensorInfo }, ArgMaxAttrs>(name);
  return gpuKernel(name, ({ inputs: { x }, attrs, backend }: GpuKernelArgs<ArgMaxInputs, ArgMaxAttrs>) => {
    const place = stock(backend, { x }, attrs);
    return x.shape.length === 1 ? { ...place, shape: [] } : place;
  });
}
