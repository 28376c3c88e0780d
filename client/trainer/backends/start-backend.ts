import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { registerCpuKernels } from '../kernels/cpu/register-cpu-kernels.ts';
import { registerWasmTrainingKernels } from '../kernels/wasm/register-wasm-kernels.ts';
import type { BackendChoice, BackendName, TrainerInfo, TrainerOptions } from '../trainer-api.ts';
import { type StartedWasm, startWasm } from './start-wasm.ts';

/**
 * Starts the backend that was asked for, or the next that works here, and times it on a small convolution.
 * `auto` takes WebGPU where there is a GPU behind it; a software adapter is slower than WASM.
 */
export async function startBackend(options: TrainerOptions): Promise<TrainerInfo> {
  tf.enableProdMode();
  const wanted = await wantedBackend(options.backend);
  const failures: string[] = [];
  for (const backend of new Set<BackendName>([wanted, 'wasm', 'cpu'])) {
    const started = await tryBackend(backend, options);
    if ('threads' in started) {
      const fallback = failures.length > 0 ? `${failures.join('; ')}; training on ${backend}` : null;
      const note = [fallback, started.note].filter(text => text !== null).join('; ') || null;
      return { backend, note, threads: started.threads, macsPerSecond: await measureMacs() };
    }
    failures.push(`${backend} does not work here (${started.failure})`);
  }
  throw new Error(failures.join('; '));
}

async function wantedBackend(choice: BackendChoice): Promise<BackendName> {
  if (choice !== 'auto') return choice;
  const adapter = await gpuAdapter();
  return adapter && !adapter.info?.isFallbackAdapter ? 'webgpu' : 'wasm';
}

/** As much of WebGPU as is asked here; TypeScript's DOM library does not have it in every version. */
interface GpuNavigator {
  readonly gpu?: {
    requestAdapter(): Promise<{ readonly info?: { readonly isFallbackAdapter?: boolean } } | null>;
  };
}

const gpuAdapter = async () =>
  (await (globalThis.navigator as GpuNavigator | undefined)?.gpu?.requestAdapter().catch(() => null)) ?? null;

type Started = { readonly threads: number; readonly note: string | null } | { readonly failure: string };

/** The backend at work, or why it does not start. */
async function tryBackend(backend: BackendName, options: TrainerOptions): Promise<Started> {
  try {
    if (backend === 'webgpu') {
      if (!(await gpuAdapter())) return { failure: 'no WebGPU adapter' };
      // Only now: once imported, it registers itself above every other backend.
      await import('@tensorflow/tfjs-backend-webgpu');
    }
    const { threads, note } = backend === 'wasm' ? await prepareWasm(options) : { threads: 1, note: null };
    if (backend === 'cpu') registerCpuKernels();
    return (await tf.setBackend(backend)) ? { threads, note } : { failure: 'it did not start' };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

function prepareWasm(options: TrainerOptions): Promise<StartedWasm> {
  registerWasmTrainingKernels();
  return startWasm(options);
}

/** A convolution of 16 to 16 channels on a batch of 8 pictures of 14 × 14, forward and backward, after a warm-up. */
async function measureMacs(): Promise<number> {
  const [batch, size, channels] = [8, 14, 16];
  const macs = 3 * batch * size * size * 9 * channels * channels;
  const x = tf.ones([batch, size, size, channels]) as tf.Tensor4D;
  const filter = tf.variable(tf.ones([3, 3, channels, channels]) as tf.Tensor4D);
  const step = async (): Promise<void> => {
    const { value, grads } = tf.variableGrads(
      () => tf.mean(tf.square(tf.conv2d(x, filter, 1, 'same'))),
      [filter],
    );
    await value.data();
    tf.dispose([value, ...Object.values(grads)]);
  };
  await step();
  const startedAt = performance.now();
  await step();
  const seconds = (performance.now() - startedAt) / 1_000;
  tf.dispose([x, filter]);
  return Math.round(macs / Math.max(seconds, 1e-4));
}
