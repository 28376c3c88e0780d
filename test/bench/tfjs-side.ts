import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { answerLines } from './answer-lines.ts';
import { FixedBatch } from './fixed-batch.ts';
import { profileByClock, profileByTimestamps } from './kernel-profile.ts';
import type { Profile } from './side.ts';
import { startSchema, startTfjs } from './start-tfjs.ts';

/**
 * The child process behind one of our own sides: trains what it is asked to, and replies to each JSON line with one.
 */

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

async function replyTo(request: Request): Promise<object> {
  switch (request.do) {
    case 'start':
      return startTfjs(request);
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

function loaded(): FixedBatch {
  if (!training) throw new Error('no model is loaded yet');
  return training;
}

const profile = (fixed: FixedBatch, steps: number): Promise<Profile> =>
  tf.getBackend() === 'webgpu'
    ? profileByTimestamps(() => fixed.run(steps))
    : profileByClock(tf.getBackend(), () => fixed.run(steps));

await answerLines(request => replyTo(requestSchema.parse(request)));
