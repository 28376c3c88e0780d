import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The border to tfjs's WebGPU backend: every cast that these kernels need is in this file and in `gpu-kernel.ts`.
 * tfjs writes the head of every shader itself and gives it one output; our shaders are whole and may have several.
 * The backend looks up a pipeline by its key, and compiles it only if it is missing. So ours is put there first. Then
 * `runWebGPUProgram` treats it like its own: it uploads, binds, batches submits, and takes the time.
 */
export type GpuBackend = WebGPUBackend;
export type Uniforms = Readonly<Record<string, { readonly type: 'i32' | 'f32'; readonly value: number }>>;

export interface GpuProgram {
  /**
   * Names the pipeline. Whatever changes the code is in the key, and nothing else, or each size would compile again.
   */
  readonly key: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** What they hold; f32 if left out. */
  readonly inputType?: ElementType;
  readonly outputType?: ElementType;
  /** WGSL after the bindings, with `fn main`. */
  readonly code: string;
}

type ElementType = 'f32' | 'i32';

export type Workgroups = readonly [x: number, y: number, z: number];

export const i32 = (value: number) => ({ type: 'i32', value }) as const;
export const f32 = (value: number) => ({ type: 'f32', value }) as const;

/**
 * What a tensor's buffer holds. It may differ from the tensor's own type: here a cast of whole numbers or booleans to
 * floats only renames them, and whoever reads the buffer converts.
 */
export const storedType = (backend: GpuBackend, { dataId }: tf.TensorInfo): ElementType =>
  backend.tensorMap.get(dataId).dtype === 'float32' ? 'f32' : 'i32';

/**
 * Writes `outputs`, tensors of the backend that were made for this.
 * @throws if an input's buffer does not hold what the program reads; `withFloats` converts
 */
export function runGpuProgram(
  backend: GpuBackend,
  program: GpuProgram,
  workgroups: Workgroups,
  inputs: readonly tf.TensorInfo[],
  outputs: readonly tf.TensorInfo[],
  uniforms: Uniforms,
): void {
  const [first, ...others] = outputs.map(flat);
  if (!first || inputs.length !== program.inputs.length || outputs.length !== program.outputs.length)
    throw new Error(`${program.key} was given the wrong number of tensors`);
  if (inputs.some(input => storedType(backend, input) !== (program.inputType ?? 'f32')))
    throw new Error(`${program.key} was given a tensor of the wrong type`);
  compileOnce(backend, program, uniforms);
  backend.runWebGPUProgram(
    stockProgram(program.key, workgroups, first.shape),
    [...inputs.map(flat), ...others],
    'float32',
    Object.values(uniforms).map(({ type, value }) => ({
      type: type === 'i32' ? 'int32' : 'float32',
      data: [value],
    })),
    first,
  );
}

/** A new tensor of the backend, with nothing in it yet. */
export const makeTensor = (
  backend: GpuBackend,
  shape: readonly number[],
  dtype: tf.DataType = 'float32',
): tf.TensorInfo => backend.makeTensorInfo([...shape], dtype);

/** As one axis, so that what the backend derives from shapes is the same for every rank. */
const flat = (tensor: tf.TensorInfo): tf.TensorInfo => ({
  ...tensor,
  shape: [tf.util.sizeFromShape(tensor.shape)],
});

type StockProgram = Parameters<WebGPUBackend['runWebGPUProgram']>[0];

/** If there is a `pixelsOpType`, the backend takes the key as it is, and passes no shapes but the output's strides. */
const stockProgram = (key: string, workgroups: Workgroups, outputShape: number[]): StockProgram => ({
  shaderKey: key,
  pixelsOpType: 0 as NonNullable<StockProgram['pixelsOpType']>,
  variableNames: [],
  outputShape,
  dispatch: [...workgroups],
  dispatchLayout: { x: [0] },
  workgroupSize: [1, 1, 1],
  getUserCode: () => '',
});

type Pipelines = Record<string, GPUComputePipeline | Promise<GPUComputePipeline>>;

function compileOnce(backend: GpuBackend, program: GpuProgram, uniforms: Uniforms): void {
  const pipelines = (backend as unknown as { readonly pipelineCache: Pipelines }).pipelineCache;
  if (pipelines[program.key]) return;
  const { device } = backend;
  const module = device.createShaderModule({ code: shaderOf(program, uniforms), label: program.key });
  const description: GPUComputePipelineDescriptor = {
    compute: { module, entryPoint: 'main' },
    label: program.key,
    layout: 'auto',
  };
  pipelines[program.key] = tf.env().getBool('WEBGPU_ENGINE_COMPILE_ONLY')
    ? device.createComputePipelineAsync(description)
    : device.createComputePipeline(description);
}

/** Bindings in the backend's order: the first output, the inputs, the other outputs, the uniforms. */
function shaderOf(program: GpuProgram, uniforms: Uniforms): string {
  const { inputs, outputs, inputType = 'f32', outputType = 'f32', code } = program;
  const [first = '', ...others] = outputs;
  const write = (name: string): string => `var<storage, read_write> ${name}: array<${outputType}>`;
  const bindings = [
    write(first),
    ...inputs.map(name => `var<storage, read> ${name}: array<${inputType}>`),
    ...others.map(write),
    'var<uniform> uniforms: Uniforms',
  ];
  const fields = Object.entries(uniforms).map(([name, { type }]) => `${name}: ${type}`);
  return [
    `struct Uniforms { outputStrides: i32, ${fields.join(', ')} }`,
    ...bindings.map((binding, i) => `@group(0) @binding(${i}) ${binding};`),
    code,
  ].join('\n');
}
