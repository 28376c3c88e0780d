import { loadavg } from 'node:os';
import { clearStatus, printLine, printStatus } from '../../client/headless/terminal.ts';
import { BENCH_MODELS, benchModel } from './bench-models.ts';
import { findPython } from './find-python.ts';
import { type KernelsSettings, labelOf, readSettings, sidesOf } from './kernels-settings.ts';
import { formatProfile, formatRates, formatSeconds, type KernelsRow, toRow } from './kernels-table.ts';
import { type Comparison, compareSides, type OnProgress } from './measure-model.ts';
import { assertWritable, describeMachine, parseFlags, refuseFlags, writeReport } from './report.ts';
import { openSide, type Side } from './side.ts';

/** Above this share of the cores, what else runs takes time from what is measured. */
const BUSY_SHARE = 0.5;

/** Samples a second of training, model by model, on every backend there is here and on PyTorch. */

interface ProfileRow {
  readonly model: string;
  readonly backend: string;
  readonly threads: number;
  readonly kernel: string;
  readonly msPerStep: number;
  readonly callsPerStep: number;
  readonly share: number;
}

const results: KernelsRow[] = [];
const profiles: ProfileRow[] = [];
let hasFailed = false;

const settings = settingsFromFlags();
const { cpu, cores, node } = describeMachine();
printLine(`${cpu}, ${cores} cores, node ${node}`);
warnIfBusy(cores);
const sides = await openSides(settings);
try {
  for (const [i, model] of settings.models.entries()) await compare(model, i);
} finally {
  for (const side of sides) side.close();
}
if (settings.json !== null) {
  const names = sides.map(({ backend, threads, name }) => ({ backend, threads, name }));
  writeReport(settings.json, {
    name: 'kernels',
    machine: describeMachine(sides.find(({ gpu }) => gpu !== null)?.gpu),
    settings: { ...settings, optimizer: 'SGD, Nesterov momentum 0.9, weight decay 5e-4', sides: names },
    results,
    ...(settings.profile ? { profiles } : {}),
  });
}
process.exitCode = hasFailed || results.length === 0 ? 1 : 0;

function settingsFromFlags(): KernelsSettings {
  const text = { type: 'string' } as const;
  const yes = { type: 'boolean' } as const;
  const flags = parseFlags({
    models: text,
    backends: text,
    threads: text,
    batch: text,
    repeats: text,
    json: text,
    profile: yes,
    stock: yes,
  });
  try {
    const read = readSettings(flags, BENCH_MODELS);
    if (read.json !== null) assertWritable(read.json);
    return read;
  } catch (error) {
    return refuseFlags(error instanceof Error ? error.message : String(error));
  }
}

/** Sides are measured in turn, so their ratios hold; the figures themselves do not. */
function warnIfBusy(cores: number): void {
  const [load = 0] = loadavg();
  if (load > cores * BUSY_SHARE)
    printLine(`Other programs are at work (load ${load.toFixed(1)} on ${cores} cores): figures will be low.`);
}

/** The sides that work here; of the others it is said why not. */
async function openSides(wanted: KernelsSettings): Promise<Side[]> {
  const python = wanted.backends.includes('pytorch') ? await findPython() : null;
  const opened: Side[] = [];
  for (const spec of sidesOf(wanted)) {
    try {
      const side = await openSide(spec, { python, allowsSoftware: wanted.allowsSoftware });
      opened.push(side);
      printLine(`${labelOf(spec)}: ${side.name}`);
    } catch (error) {
      printLine(`${labelOf(spec)}: left out. ${error instanceof Error ? error.message : error}`);
    }
  }
  return opened;
}

async function compare(model: string, index: number): Promise<void> {
  const comparison = await compareSides(benchModel(model), sides, settings, progressOf(model, index));
  clearStatus();
  const [first] = comparison.measured;
  const rows = comparison.measured.map(measured => toRow(model, measured));
  results.push(...rows);
  if (first) {
    const { parameters, macs } = first.loaded;
    printLine(
      `\n${model}: ${parameters} parameters, ${(macs / 1e6).toFixed(1)} M multiply-accumulates a sample`,
    );
    printLine(formatRates(rows));
  }
  for (const { side, loaded } of comparison.measured)
    if (loaded.detail) printLine(`${labelOf(side)}: ${loaded.detail}`);
  reportFailures(model, comparison);
  if (settings.profile) await profileModel(model, comparison);
}

/** Rewritten in place on a terminal; elsewhere a line where a model begins to be measured. */
function progressOf(model: string, index: number): OnProgress {
  let isAnnounced = false;
  return (text, secondsLeft) => {
    const left = secondsLeft === undefined ? '' : `, about ${formatSeconds(secondsLeft)} left`;
    const place = `${model} (${index + 1} of ${settings.models.length})`;
    printStatus(`${place}: ${text}${left}`);
    if (process.stdout.isTTY || isAnnounced || secondsLeft === undefined) return;
    isAnnounced = true;
    printLine(`${place}: measuring ${settings.repeats} x${left}`);
  };
}

function reportFailures(model: string, { failures }: Comparison): void {
  for (const { side, reason } of failures) console.error(`${model} failed on ${labelOf(side)}: ${reason}`);
  hasFailed ||= failures.length > 0;
}

async function profileModel(model: string, { measured }: Comparison): Promise<void> {
  for (const { side, steps } of measured) {
    if (side.backend === 'pytorch') continue;
    printStatus(`${model}: profile of ${labelOf(side)}`);
    try {
      const profile = await side.profile(steps);
      printLine(`\n${formatProfile(side, profile, steps)}`);
      for (const { kernel, ms, calls } of profile.kernels)
        profiles.push({
          model,
          backend: side.backend,
          threads: side.threads,
          kernel,
          msPerStep: ms / steps,
          callsPerStep: calls / steps,
          share: ms / profile.totalMs,
        });
    } catch (error) {
      printLine(`\n${labelOf(side)}: no profile. ${error instanceof Error ? error.message : error}`);
    }
  }
}
