import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import type { Decoder } from './decoder.ts';
import { decoders } from './decoders.ts';
import { type FuzzJob, InputSlot, type Reported } from './fuzz-job.ts';
import { tryInput } from './try-input.ts';

/** Tries decoders one after another in a thread, which may hang or run out of memory: its parent watches it. */
const { names, seed, runs, slot } = workerData as FuzzJob;
const inHand = new InputSlot(slot);
const tell = (report: Reported): void => parentPort?.postMessage(report);

async function problemOf(decoder: Decoder, input: Uint8Array): Promise<string | null> {
  inHand.put(input);
  const problem = await tryInput(decoder, input);
  inHand.clear();
  return problem;
}

/** The first calls compile functions and fill caches, which is no input's doing. So nothing is measured yet. */
async function warmUp(decoder: Decoder): Promise<void> {
  for (const input of fc.sample(decoder.inputs, { seed, numRuns: 20 })) {
    inHand.put(input);
    try {
      await decoder.decode(Uint8Array.from(input));
    } catch {
      // The runs that are judged begin with the same inputs.
    }
  }
}

async function fuzz(decoder: Decoder): Promise<Reported> {
  const numRuns = Math.ceil((runs * (decoder.share ?? 100)) / 100);
  const property = fc.asyncProperty(decoder.inputs, async input => {
    const problem = await problemOf(decoder, input);
    if (problem !== null) throw new Error(problem);
  });
  const { failed, counterexample, errorInstance } = await fc.check(property, { seed, numRuns });
  const [input] = counterexample ?? [];
  if (!failed || !input) return { decoder: decoder.name, runs: numRuns, failure: null };
  const problem = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return { decoder: decoder.name, runs: numRuns, failure: { problem, input } };
}

for (const name of names) {
  const decoder = decoders.find(each => each.name === name);
  if (!decoder) throw new Error(`there is no decoder ${name}`);
  await warmUp(decoder);
  tell(await fuzz(decoder));
}
