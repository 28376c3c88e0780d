import { errorText } from '../../shared/protocol/error-text.ts';
import type { BenchModel } from './bench-models.ts';
import { labelOf } from './kernels-settings.ts';
import type { LoadedModel, Ran, Side } from './side.ts';

/** By then the engines' compilers are done and caches are filled. */
const WARM_UP_S = 1;
const MAX_WARM_UP_RUNS = 12;
/** Long compared with a clock's tick and a scheduler's slice, short compared with the machine's slower changes. */
const REPEAT_S = 0.4;
const MIN_STEPS = 3;
/** A step that takes this long is a repeat of its own. */
const LONG_STEP_S = 2;
/** A step of the CPU backend takes seconds for each sample. So it has one sample and few repeats; it hardly varies. */
const CPU_BATCH = 1;
const CPU_REPEATS = 2;

export interface Measured {
  readonly side: Side;
  readonly batch: number;
  readonly loaded: LoadedModel;
  /** Steps of one repeat. */
  readonly steps: number;
  /** Samples a second of whole training steps, one figure for each repeat. */
  readonly rates: number[];
}

export interface Failure {
  readonly side: Side;
  readonly reason: string;
}

export interface Comparison {
  readonly measured: readonly Measured[];
  readonly failures: readonly Failure[];
}

/** A line for people: what is going on, and about how long it still takes if that is known. */
export type OnProgress = (text: string, secondsLeft?: number) => void;

interface Contender extends Measured {
  readonly stepSeconds: number;
}

/**
 * Trains one model on every side: first the warm-up, then in turn, so that other work of the machine affects all
 * alike. A side has failed if its loss is not finite or does not fall, or if it counts other parameters than the
 * first: its figure would mean nothing.
 */
export async function compareSides(
  model: BenchModel,
  sides: readonly Side[],
  { batch, repeats }: { readonly batch: number; readonly repeats: number },
  onProgress: OnProgress,
): Promise<Comparison> {
  const failures: Failure[] = [];
  let contenders: Contender[] = [];
  const attempt = async (side: Side, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      failures.push({ side, reason: errorText(error) });
      contenders = contenders.filter(contender => contender.side !== side);
    }
  };
  for (const side of sides) {
    onProgress(`${labelOf(side)}: warm-up`);
    await attempt(side, async () => {
      const contender = await prepare(side, model, batch);
      assertSameModel(contender, contenders[0]);
      contenders.push(contender);
    });
  }
  for (let repeat = 0; repeat < repeats && contenders.length > 0; repeat++) {
    onProgress(`repeat ${repeat + 1} of ${repeats}`, secondsLeft(contenders, repeats, repeat));
    for (const contender of contenders)
      if (repeat < repeatsOf(contender.side, repeats))
        await attempt(contender.side, async () => measureOnce(contender));
  }
  return { measured: contenders, failures };
}

const isShort = (side: Side): boolean => side.backend === 'cpu';

const repeatsOf = (side: Side, repeats: number): number =>
  isShort(side) ? Math.min(repeats, CPU_REPEATS) : repeats;

const secondsLeft = (contenders: readonly Contender[], repeats: number, done: number): number =>
  contenders.reduce((sum, { side, steps, stepSeconds }) => {
    const left = Math.max(0, repeatsOf(side, repeats) - done);
    return sum + left * steps * stepSeconds;
  }, 0);

async function prepare(side: Side, model: BenchModel, fullBatch: number): Promise<Contender> {
  const batch = isShort(side) ? Math.min(fullBatch, CPU_BATCH) : fullBatch;
  const loaded = await side.load(model, batch);
  const stepSeconds = await warmUp(side, isShort(side) ? 0 : WARM_UP_S);
  return { side, batch, loaded, stepSeconds, steps: stepsFor(stepSeconds), rates: [] };
}

/** Seconds a step after the warm-up. The pictures are always the same, so the loss must fall. */
async function warmUp(side: Side, warmUpSeconds: number): Promise<number> {
  const first = await runFinite(side, 1);
  let last = first;
  let seconds = 0;
  for (let run = 0; run < MAX_WARM_UP_RUNS; run++) {
    const steps = run === 0 ? 1 : stepsFor(last.seconds / last.steps);
    last = await runFinite(side, steps);
    seconds += last.seconds;
    if (seconds >= warmUpSeconds && last.loss < first.loss) return last.seconds / last.steps;
  }
  if (last.loss < first.loss) return last.seconds / last.steps;
  throw new Error(`the loss does not fall on a fixed batch: ${first.loss} at first, ${last.loss} at last`);
}

const stepsFor = (stepSeconds: number): number =>
  stepSeconds > LONG_STEP_S ? 1 : Math.max(MIN_STEPS, Math.ceil(REPEAT_S / stepSeconds));

interface FiniteRun {
  readonly steps: number;
  readonly seconds: number;
  readonly loss: number;
}

async function runFinite(side: Side, steps: number): Promise<FiniteRun> {
  const { seconds, loss }: Ran = await side.run(steps);
  if (loss === null || seconds === null || !Number.isFinite(loss))
    throw new Error('the loss is not a number');
  return { steps, seconds, loss };
}

async function measureOnce({ side, steps, batch, rates }: Contender): Promise<void> {
  const { seconds } = await runFinite(side, steps);
  rates.push((steps * batch) / seconds);
}

function assertSameModel({ loaded }: Contender, first: Contender | undefined): void {
  if (!first) return;
  for (const what of ['parameters', 'macs'] as const)
    if (loaded[what] !== first.loaded[what])
      throw new Error(`${loaded[what]} ${what}, but ${first.loaded[what]} on ${labelOf(first.side)}`);
}
