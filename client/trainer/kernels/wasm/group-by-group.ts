import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { Concat, getKernel, SplitV } from '@tensorflow/tfjs-core';
import './wasm-kernel.ts';

const split = getKernel(SplitV, 'wasm').kernelFunc;
const concat = getKernel(Concat, 'wasm').kernelFunc;

/**
 * Runs an op with stock kernels on each group of channels, the last axis of every input and of the result. It is for
 * engines on which our module does not run.
 */
export function groupByGroup(
  backend: BackendWasm,
  groups: number,
  inputs: readonly TensorInfo[],
  op: (...slices: TensorInfo[]) => TensorInfo,
): TensorInfo {
  const slices = inputs.map(x =>
    listOf(split({ inputs: { x }, attrs: { numOrSizeSplits: groups, axis: -1 }, backend })),
  );
  const results = Array.from({ length: groups }, (_, group) =>
    op(...slices.flatMap(ofInput => ofInput.slice(group, group + 1))),
  );
  const [joined] = listOf(concat({ inputs: results as never, attrs: { axis: -1 }, backend }));
  for (const { dataId } of [...slices.flat(), ...results]) backend.disposeData(dataId);
  if (!joined) throw new Error('concat returned no tensor');
  return joined;
}

const listOf = (output: TensorInfo | TensorInfo[]): TensorInfo[] =>
  Array.isArray(output) ? output : [output];
