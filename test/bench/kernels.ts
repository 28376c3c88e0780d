import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { registerWasmTrainingKernels } from '../../client/trainer/kernels/wasm/register-wasm-kernels.ts';
import {
  describeMachine,
  formatTable,
  parseCount,
  parseFlags,
  refuseFlags,
  type Summary,
  summarise,
  writeReport,
} from './report.ts';
import { prepareTraining } from './two-conv.ts';

const BATCH = 32;
const THREADS = 1;
/** A step of the CPU backend takes seconds, so it has fewer of everything; its rate hardly varies. */
const PLANS: readonly Plan[] = [
  { backend: 'cpu', warmUpSteps: 1, stepsPerRepeat: 1, maxRepeats: 2 },
  { backend: 'wasm', warmUpSteps: 20, stepsPerRepeat: 20 },
];

interface Plan {
  readonly backend: 'cpu' | 'wasm';
  readonly warmUpSteps: number;
  readonly stepsPerRepeat: number;
  readonly maxRepeats?: number;
}

interface Result {
  readonly model: 'two-conv';
  readonly backend: string;
  readonly threads: number;
  readonly batch: number;
  readonly samplesPerSecond: number;
  readonly min: number;
  readonly max: number;
}

/** Samples a second of whole training steps, forward to update, one figure a repeat. */
async function measure(plan: Plan, repeats: number): Promise<Summary> {
  await tf.setBackend(plan.backend);
  const training = prepareTraining(BATCH);
  runSteps(training.run, plan.warmUpSteps);
  const rates = Array.from({ length: Math.min(repeats, plan.maxRepeats ?? repeats) }, () => {
    const startMs = performance.now();
    runSteps(training.run, plan.stepsPerRepeat);
    return (plan.stepsPerRepeat * BATCH * 1000) / (performance.now() - startMs);
  });
  training.dispose();
  return summarise(rates);
}

function runSteps(step: () => number, count: number): void {
  for (let i = 0; i < count; i++) {
    if (!Number.isFinite(step())) throw new Error('the loss is not a number: the figures would mean nothing');
  }
}

function toResult(backend: string, { median, min, max }: Summary): Result {
  return { model: 'two-conv', backend, threads: THREADS, batch: BATCH, samplesPerSecond: median, min, max };
}

function toRow({ backend, threads, batch, samplesPerSecond, min, max }: Result, slowest: number): string[] {
  const rates = [samplesPerSecond, min, max].map(rate => rate.toFixed(rate < 100 ? 2 : 0));
  return [backend, `${threads}`, `${batch}`, ...rates, `${(samplesPerSecond / slowest).toFixed(0)} x`];
}

const flags = parseFlags({ json: { type: 'string' }, repeats: { type: 'string', default: '15' } });
const repeats = parseCount('repeats', flags.repeats);
if (flags.json === '') refuseFlags("--json takes a file's name");

setThreadsCount(THREADS);
registerWasmTrainingKernels();
const results: Result[] = [];
for (const plan of PLANS) {
  console.log(`two-conv on ${plan.backend} …`);
  results.push(toResult(plan.backend, await measure(plan, repeats)));
}

const machine = describeMachine();
const slowest = Math.min(...results.map(({ samplesPerSecond }) => samplesPerSecond));
console.log(`\n${machine.cpu}, ${machine.cores} cores, node ${machine.node}`);
console.log('Training the two-conv CNN (28 x 28), samples a second; the stock WASM backend cannot train it.');
const header = ['backend', 'threads', 'batch', 'median', 'min', 'max', 'ratio'];
console.log(
  formatTable(
    header,
    results.map(result => toRow(result, slowest)),
  ),
);
if (flags.json !== undefined) {
  const settings = { batch: BATCH, threads: THREADS, repeats, optimizer: 'momentum', plans: PLANS };
  writeReport(flags.json, { name: 'kernels', machine, settings, results });
}
