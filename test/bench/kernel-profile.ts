import * as tf from '@tensorflow/tfjs-core';
import type { Profile, Ran } from './side.ts';

interface KernelTime {
  ms: number;
  calls: number;
}

/**
 * Time by kernel on a backend whose kernels return when they are done (CPU, WASM). While `train` runs, every kernel
 * of the backend is replaced by one that looks at the clock. If a kernel calls another, it has only its own time.
 */
export async function profileByClock(backend: string, train: () => Promise<Ran>): Promise<Profile> {
  const times = new Map<string, KernelTime>();
  const kernels = tf.getKernelsForBackend(backend);
  replaceKernels(timedKernels(kernels, times));
  try {
    const { seconds } = await train();
    return { totalMs: (seconds ?? 0) * 1_000, kernels: list(times) };
  } finally {
    replaceKernels(kernels);
  }
}

function timedKernels(
  kernels: readonly tf.KernelConfig[],
  times: Map<string, KernelTime>,
): tf.KernelConfig[] {
  let nestedMs = 0;
  const timed =
    ({ kernelName, kernelFunc }: tf.KernelConfig): tf.KernelFunc =>
    params => {
      const outerNestedMs = nestedMs;
      nestedMs = 0;
      const startMs = performance.now();
      try {
        return kernelFunc(params);
      } finally {
        const ms = performance.now() - startMs;
        addTime(times, kernelName, ms - nestedMs);
        nestedMs = outerNestedMs + ms;
      }
    };
  return kernels.map(kernel => ({ ...kernel, kernelFunc: timed(kernel) }));
}

function replaceKernels(kernels: readonly tf.KernelConfig[]): void {
  for (const kernel of kernels) {
    tf.unregisterKernel(kernel.kernelName, kernel.backendName);
    tf.registerKernel(kernel);
  }
}

/**
 * Time by kernel from the GPU's own timestamps; a kernel there returns long before it is done. While tfjs profiles,
 * it submits every program alone and waits for it. So the total is that of the kernels, without the gaps between
 * them.
 * @throws if the device has no timestamp queries
 */
export async function profileByTimestamps(train: () => Promise<unknown>): Promise<Profile> {
  const backend = tf.backend();
  if (!('supportTimestampQuery' in backend) || !backend.supportTimestampQuery)
    throw new Error('this GPU device has no timestamp queries');
  // This check would read every result back.
  tf.env().set('CHECK_COMPUTATION_FOR_ERRORS', false);
  const info = await tf.profile(async () => {
    await train();
    return tf.scalar(0);
  });
  const times = new Map<string, KernelTime>();
  for (const { name, kernelTimeMs } of info.kernels) addTime(times, name, (await kernelTimeMs) as number);
  const kernels = list(times).filter(({ ms }) => ms > 0);
  return { totalMs: kernels.reduce((sum, { ms }) => sum + ms, 0), kernels };
}

function addTime(times: Map<string, KernelTime>, kernel: string, ms: number): void {
  const time = times.get(kernel) ?? { ms: 0, calls: 0 };
  times.set(kernel, { ms: time.ms + ms, calls: time.calls + 1 });
}

const list = (times: ReadonlyMap<string, KernelTime>): Profile['kernels'] =>
  [...times].map(([kernel, time]) => ({ kernel, ...time })).toSorted((a, b) => b.ms - a.ms);
