import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { type GpuBackend, type GpuProgram, i32, runGpuProgram, type Uniforms } from './gpu-program.ts';

const THREADS = 64;
/** A dispatch has at most 65,535 workgroups along an axis. */
const MAX_ROW = 32_768;

/** A program that runs `body` for every element `i` of its outputs. */
export const elementwise = (
  name: string,
  inputs: readonly string[],
  outputs: readonly string[],
  body: string,
): GpuProgram => ({
  key: name,
  inputs,
  outputs,
  code: `
@compute @workgroup_size(${THREADS})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = i32((group.y * groups.x + group.x) * ${THREADS}u + thread);
  if (i >= uniforms.size) { return; }
  ${body}
}`,
});

export function runElementwise(
  backend: GpuBackend,
  program: GpuProgram,
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  uniforms: Uniforms = {},
): void {
  const size = util.sizeFromShape(outputs[0]?.shape ?? []);
  const groups = Math.ceil(size / THREADS);
  const across = Math.min(groups, MAX_ROW);
  const workgroups = [across, Math.ceil(groups / across), 1] as const;
  runGpuProgram(backend, program, workgroups, inputs, outputs, { size: i32(size), ...uniforms });
}
