import * as tf from '@tensorflow/tfjs-core';
import { installWebgpu } from '../../../client/headless/trainer-thread/node-webgpu.ts';
import { hasRealGpu, startWebgpu } from '../../../client/trainer/backends/start-webgpu.ts';
import type { Trial } from './choose-driver.ts';
import { keepLoader } from './keep-loader.ts';

/** A program: tries the Vulkan driver that its environment names, and prints what came of it. */

const failed = (why: string): Trial => ({ works: false, why });

/** A small product of matrices, which takes a device with memory, a compiled shader and a read-back. */
async function multiply(): Promise<number[]> {
  const [a, b] = [tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])];
  return [...(await tf.matMul(a, b).data())];
}

async function tryHere(): Promise<Trial> {
  keepLoader();
  const missing = await installWebgpu();
  if (missing !== null) return failed(missing);
  const isCard = await hasRealGpu();
  await startWebgpu();
  await tf.setBackend('webgpu');
  const product = (await multiply()).join();
  if (product !== '19,22,43,50') return failed(`it multiplies wrongly: ${product}`);
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  return { works: true, isCard, device: adapter?.info.description ?? '' };
}

const trial = await tryHere().catch((error: Error) => failed(error.message));
// On a line of its own, whatever drivers have written before.
process.stdout.write(`\n${JSON.stringify(trial)}\n`, () => process.exit(0));
