import { loadavg } from 'node:os';
import { clearStatus, printLine, printStatus } from '../../client/headless/terminal/terminal.ts';
import { errorText } from '../../shared/protocol/error-text.ts';
import { BENCH_MODELS, benchModel } from './bench-models.ts';
import { findPython } from './find-python.ts';
import { KERNELS_HELP, type KernelsSettings, labelOf, readSettings, sidesOf } from './kernels-settings.ts';
import {
  formatProfile,
  formatRates,
  formatSeconds,
  type KernelsRow,
  type ProfileRow,
  toProfileRows,
  toRows,
} from './kernels-table.ts';
import { type Comparison, compareSides, type Measured, type OnProgress } from './measure-model.ts';
import { assertWritable, describeMachine, parseFlags, refuseFlags, writeReport } from './report.ts';
import { openSide, type Side } from './side.ts';

/** Training samples a second, model by model, on every backend that works here and on PyTorch. */

/** With a load above this share of the cores, other programs take time from what is measured. */
const BUSY_SHARE = 0.5;

const settings = settingsFromFlags();
const results: KernelsRow[] = [];
const profiles: ProfileRow[] = [];
let hasFailed = false;

printMachine();
const sides = await openSides(settings);
try {
  for (const [i, model] of settings.models.entries()) {
    const comparison = await compareSides(benchModel(model), sides, settings, progressOf(model, i));
    report(model, comparison);
    if (settings.profile) for (const measured of comparison.measured) await profileSide(model, measured);
  }
} finally {
  for (const side of sides) side.close();
}
if (settings.json !== null) writeJson(settings.json);
process.exitCode = hasFailed || results.length === 0 ? 1 : 0;

function settingsFromFlags(): KernelsSettings {
  const text = { type: 'string' } as const;
  const yes = { type: 'boolean' } as const;
  const texts = { models: text, backends: text, threads: text, batch: text, repeats: text, json: text };
  const flags = parseFlags({ ...texts, profile: yes, stock: yes }, KERNELS_HELP);
  try {
    const read = readSettings(flags, BENCH_MODELS);
    if (read.json !== null) assertWritable(read.json);
    return read;
  } catch (error) {
    return refuseFlags(reasonOf(error));
  }
}

/** Sides are measured in turn, so on a busy machine their ratios hold; the figures themselves do not. */
function printMachine(): void {
  const { cpu, cores, node } = describeMachine();
  printLine(`${cpu}, ${cores} cores, node ${node}`);
  const [load = 0] = loadavg();
  if (load > cores * BUSY_SHARE)
    printLine(`Other programs are running (load ${load.toFixed(1)} on ${cores} cores): figures will be low.`);
}

/** The sides that work here; for the others it prints why they do not. */
async function openSides(wanted: KernelsSettings): Promise<Side[]> {
  const python = wanted.backends.includes('pytorch') ? await findPython() : null;
  const opened: Side[] = [];
  for (const spec of sidesOf(wanted)) {
    try {
      const side = await openSide(spec, { python, allowsSoftware: wanted.allowsSoftware });
      opened.push(side);
      printLine(`${labelOf(spec)}: ${side.name}`);
    } catch (error) {
      printLine(`${labelOf(spec)}: left out. ${reasonOf(error)}`);
    }
  }
  return opened;
}

/**
 * On a terminal the line is rewritten in place. Elsewhere there is a line when a model begins, and one when its time
 * is known.
 */
function progressOf(model: string, index: number): OnProgress {
  const place = `${model} (${index + 1} of ${settings.models.length})`;
  let isTold = false;
  if (!process.stdout.isTTY) printLine(`\n${place}`);
  return (text, secondsLeft) => {
    const left = secondsLeft === undefined ? '' : `, about ${formatSeconds(secondsLeft)} left`;
    printStatus(`${place}: ${text}${left}`);
    if (process.stdout.isTTY || isTold || secondsLeft === undefined) return;
    isTold = true;
    printLine(`${place}: measured ${settings.repeats} times${left}`);
  };
}

function report(model: string, { measured, failures }: Comparison): void {
  const rows = toRows(model, measured);
  results.push(...rows);
  clearStatus();
  const [first] = measured;
  if (first) {
    const { parameters, macs } = first.loaded;
    const cost = `${parameters} parameters, ${(macs / 1e6).toFixed(1)} M multiply-accumulates a sample`;
    printLine(`\n${model}: ${cost}\n${formatRates(rows)}`);
  }
  for (const { side, loaded } of measured) if (loaded.detail) printLine(`${labelOf(side)}: ${loaded.detail}`);
  for (const { side, reason } of failures) console.error(`${model} failed on ${labelOf(side)}: ${reason}`);
  hasFailed ||= failures.length > 0;
}

async function profileSide(model: string, { side, steps }: Measured): Promise<void> {
  if (side.backend === 'pytorch') return;
  printStatus(`${model}: profile of ${labelOf(side)}`);
  try {
    const profile = await side.profile(steps);
    profiles.push(...toProfileRows(model, side, profile, steps));
    printLine(`\n${formatProfile(side, profile, steps)}`);
  } catch (error) {
    printLine(`\n${labelOf(side)}: no profile. ${reasonOf(error)}`);
  }
}

function writeJson(path: string): void {
  const names = sides.map(({ backend, threads, name }) => ({ backend, threads, name }));
  writeReport(path, {
    name: 'kernels',
    machine: describeMachine(sides.find(({ gpu }) => gpu !== null)?.gpu),
    settings: { ...settings, optimizer: 'SGD, Nesterov momentum 0.9, weight decay 5e-4', sides: names },
    results,
    ...(settings.profile ? { profiles } : {}),
  });
}

function reasonOf(error: unknown): string {
  return errorText(error);
}
