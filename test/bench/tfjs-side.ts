import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { prepareTrainer } from '../../client/headless/prepare-trainer.ts';
import { startBackend } from '../../client/trainer/backends/start-backend.ts';
import { hasRealGpu } from '../../client/trainer/backends/start-webgpu.ts';
import { FixedBatch } from './fixed-batch.ts';
import { profileByClock, profileByTimestamps } from './kernel-profile.ts';
import { BACKENDS, type Profile } from './side.ts';

/** The child process behind one of our own sides: trains what it is asked to, one JSON line for another. */

const startSchema = z.object({
  do: z.literal('start'),
  backend: z.enum(BACKENDS),
  threads: z.number(),
  allowsSoftware: z.boolean(),
});
type StartRequest = z.infer<typeof startSchema>;

const requestSchema = z.discriminatedUnion('do', [
  startSchema,
  z.object({
    do: z.literal('load'),
    name: z.string(),
    inputShape: z.tuple([z.number(), z.number(), z.number()]),
    classes: z.number(),
    batch: z.number(),
  }),
  z.object({ do: z.literal('run'), steps: z.number() }),
  z.object({ do: z.literal('profile'), steps: z.number() }),
]);
type Request = z.infer<typeof requestSchema>;

const SEED = 1;

let training: FixedBatch | null = null;

async function answer(request: Request): Promise<object> {
  switch (request.do) {
    case 'start':
      return start(request);
    case 'load':
      training?.dispose();
      training = new FixedBatch({ ...request, seed: SEED }, request.batch);
      return training.describe();
    case 'run':
      return loaded().run(request.steps);
    case 'profile':
      return profile(loaded(), request.steps);
  }
}

async function start({ backend, threads, allowsSoftware }: StartRequest): Promise<{ name: string }> {
  if (backend === 'pytorch' || backend === 'webgpu-stock') throw new Error(`${backend} is not started here`);
  const lacking = await prepareTrainer(backend);
  if (backend === 'webgpu' && !allowsSoftware && !(await hasRealGpu()))
    throw new Error(lacking ?? 'no graphics card; ask for a software one with --backends webgpu');
  const started = await startBackend({ backend, threads });
  if (started.backend !== backend || started.threads !== threads)
    throw new Error(lacking ?? started.note ?? `${backend} does not work here with ${threads} threads`);
  const details = [backend === 'webgpu' ? await describeGpu() : null, started.note];
  return { name: [`tfjs ${tf.version_core}`, ...details.filter(text => text !== null)].join(', ') };
}

async function describeGpu(): Promise<string> {
  const info = (await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }))?.info;
  return info?.description || info?.device || info?.vendor || 'a graphics card without a name';
}

function loaded(): FixedBatch {
  if (!training) throw new Error('load comes first');
  return training;
}

const profile = (fixed: FixedBatch, steps: number): Promise<Profile> =>
  tf.getBackend() === 'webgpu'
    ? profileByTimestamps(() => fixed.run(steps))
    : profileByClock(tf.getBackend(), () => fixed.run(steps));

async function answerLine(line: string): Promise<object> {
  try {
    return await answer(requestSchema.parse(JSON.parse(line)));
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

for await (const line of createInterface(process.stdin))
  process.stdout.write(`${JSON.stringify(await answerLine(line))}\n`);
// Threads of the WASM backend would keep the process.
process.exit(0);
