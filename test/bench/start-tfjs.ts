import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { prepareTrainer } from '../../client/headless/trainer-thread/prepare-trainer.ts';
import { startBackend } from '../../client/trainer/backends/start-backend.ts';
import { hasRealGpu } from '../../client/trainer/backends/start-webgpu.ts';
import { BACKENDS } from './side.ts';
import { stockKernels } from './stock-kernels.ts';

export const startSchema = z.object({
  do: z.literal('start'),
  backend: z.enum(BACKENDS),
  threads: z.number(),
  allowsSoftware: z.boolean(),
});

/**
 * Starts the backend as the trainer does in Node, or stock WebGPU.
 * @returns what it is, for people, and the graphics card that it runs on
 * @throws with the reason if this machine lacks it
 */
export async function startTfjs({ backend, threads, allowsSoftware }: z.infer<typeof startSchema>) {
  if (backend === 'pytorch') throw new Error('PyTorch has a process of its own');
  const wanted = backend === 'webgpu-stock' ? 'webgpu' : backend;
  const lacking = await prepareTrainer(wanted);
  if (wanted === 'webgpu' && !allowsSoftware && !(await hasRealGpu()))
    throw new Error(lacking ?? 'there is no graphics card; for a software one, use --backends webgpu');
  const note = backend === 'webgpu-stock' ? await startStock() : await startOurs(wanted, threads, lacking);
  const gpu = wanted === 'webgpu' ? await describeGpu() : null;
  return { name: [`tfjs ${tf.version_core}`, gpu, note].filter(text => text !== null).join(', '), gpu };
}

async function startOurs(backend: 'cpu' | 'wasm' | 'webgpu', threads: number, lacking: string | null) {
  const started = await startBackend({ backend, threads });
  if (started.backend !== backend || started.threads !== threads)
    throw new Error(lacking ?? started.note ?? `${backend} does not work here with ${threads} threads`);
  return started.note;
}

/** tfjs's own WebGPU backend, with its own settings and kernels. */
async function startStock(): Promise<string> {
  tf.enableProdMode();
  // Imported only when there is WebGPU, because it registers itself on import.
  await import('@tensorflow/tfjs-backend-webgpu');
  for (const kernel of stockKernels('webgpu')) tf.registerKernel(kernel);
  if (!(await tf.setBackend('webgpu'))) throw new Error('the stock WebGPU backend does not start');
  return 'stock kernels';
}

async function describeGpu(): Promise<string> {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  return adapter?.info.description || adapter?.info.device || adapter?.info.vendor || 'a GPU without a name';
}
