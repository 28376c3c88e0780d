import { Worker } from 'node:worker_threads';
import { boundMs } from '../support/patience.ts';
import { type Failure, type FuzzJob, InputSlot, type Reported } from './fuzz-job.ts';

export interface FuzzRequest {
  /** Names of decoders. */
  readonly names: readonly string[];
  readonly seed: number;
  /** Inputs for each decoder; a slow one has its share of them. */
  readonly runs: number;
  readonly onReport?: (report: Reported) => void;
}

/** No decoder takes a hundredth of this for an input. One that does hangs, or does unbounded work. */
const STALL_MS = boundMs(10_000);
const LOOK_MS = 100;

/** Objects alone: more than any bound allows, so that a decoder without one ends its thread and not the machine. */
const HEAP_MB = 512;
const YOUNG_MB = 3;

/** Tries decoders in a thread. One that hangs or takes all memory fails, and the others are tried in a new thread. */
export async function fuzz({ names, seed, runs, onReport = () => {} }: FuzzRequest): Promise<Reported[]> {
  const reports: Reported[] = [];
  const take = (report: Reported): void => {
    reports.push(report);
    onReport(report);
  };
  while (reports.length < names.length) {
    const left = names.slice(reports.length);
    const failure = await runThread({ names: left, seed, runs }, take);
    if (failure) take({ decoder: names[reports.length] ?? '', runs, failure });
  }
  return reports;
}

/** @returns what ended the thread before it was through; null if nothing did */
async function runThread(
  job: Omit<FuzzJob, 'slot'>,
  take: (report: Reported) => void,
): Promise<Failure | null> {
  const slot = new InputSlot();
  const thread = new Worker(new URL('fuzz-thread.ts', import.meta.url), {
    workerData: { ...job, slot: slot.buffer } satisfies FuzzJob,
    // What is in use counts garbage that was not collected yet. So room for young garbage is small, and of one size.
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
  });
  thread.on('message', take);
  const ended = new Promise<string | null>(resolve => {
    thread.on('error', error => resolve(`it ended its thread: ${error.message}`));
    thread.on('exit', code => resolve(code === 0 ? null : `it ended its thread with status ${code}`));
  });
  const watch = watchStall(slot);
  const problem = await Promise.race([ended, watch.stalled]);
  watch.end();
  const input = slot.read();
  await thread.terminate();
  return problem === null ? null : { problem, input };
}

/** Resolves if the same input is in hand for too long. */
function watchStall(slot: InputSlot): { readonly stalled: Promise<string>; end(): void } {
  let [count, since] = [slot.count, performance.now()];
  let timer: ReturnType<typeof setInterval> | undefined;
  const stalled = new Promise<string>(resolve => {
    timer = setInterval(() => {
      if (slot.count !== count) [count, since] = [slot.count, performance.now()];
      else if (performance.now() - since > STALL_MS) resolve(`it took more than ${STALL_MS} ms`);
    }, LOOK_MS);
  });
  return { stalled, end: () => clearInterval(timer) };
}
