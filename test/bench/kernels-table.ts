import { labelOf } from './kernels-settings.ts';
import type { Measured } from './measure-model.ts';
import { formatTable, summarise } from './report.ts';
import type { Profile, SideSpec } from './side.ts';

const PROFILE_ROWS = 12;

/** A row of the report. */
export interface KernelsRow {
  readonly model: string;
  readonly backend: string;
  readonly threads: number;
  readonly batch: number;
  readonly samplesPerSecond: number;
  readonly min: number;
  readonly max: number;
  /** The ratio to PyTorch on one thread, the median over repeats; null if that was not measured. */
  readonly ofPyTorch: number | null;
}

export function toRows(model: string, measured: readonly Measured[]): KernelsRow[] {
  const base = measured.find(({ side }) => side.backend === 'pytorch' && side.threads === 1);
  return measured.map(({ side: { backend, threads }, batch, rates }) => {
    const { median, min, max } = summarise(rates);
    const ofPyTorch = base ? pairedRatio(rates, base.rates) : null;
    return { model, backend, threads, batch, samplesPerSecond: median, min, max, ofPyTorch };
  });
}

/** Pairs of the same repeat, moments apart: what slows the machine for a while slows both. */
const pairedRatio = (rates: readonly number[], base: readonly number[]): number =>
  summarise(rates.slice(0, base.length).map((rate, i) => rate / (base[i] ?? Number.NaN))).median;

/** A row about where a step's time goes. */
export interface ProfileRow {
  readonly model: string;
  readonly backend: string;
  readonly threads: number;
  readonly kernel: string;
  /** Share of the step, in [0, 1]. */
  readonly share: number;
  readonly msPerStep: number;
  readonly callsPerStep: number;
}

export const toProfileRows = (
  model: string,
  { backend, threads }: SideSpec,
  { totalMs, kernels }: Profile,
  steps: number,
): ProfileRow[] =>
  kernels.map(({ kernel, ms, calls }) => ({
    model,
    backend,
    threads,
    kernel,
    share: ms / totalMs,
    msPerStep: ms / steps,
    callsPerStep: calls / steps,
  }));

/** Samples a second of each side, median and spread. */
export const formatRates = (rows: readonly KernelsRow[]): string =>
  formatTable(
    ['backend', 'threads', 'batch', 'samples/s', 'min', 'max', 'of PyTorch'],
    rows.map(({ backend, threads, batch, samplesPerSecond, min, max, ofPyTorch }) => [
      backend,
      `${threads}`,
      `${batch}`,
      ...[samplesPerSecond, min, max].map(formatRate),
      ofPyTorch === null ? '–' : `${formatRatio(ofPyTorch)} x`,
    ]),
  );

/** Where the time of a step goes: the longest kernels, all other kernels, and what is outside kernels. */
export function formatProfile(spec: SideSpec, { totalMs, kernels }: Profile, steps: number): string {
  const top = kernels.slice(0, PROFILE_ROWS);
  const rest = kernels.slice(PROFILE_ROWS);
  const restMs = sum(rest.map(({ ms }) => ms));
  const outsideMs = totalMs - sum(kernels.map(({ ms }) => ms));
  const lines = [
    ...top,
    ...(rest.length > 0
      ? [{ kernel: `${rest.length} others`, ms: restMs, calls: sum(rest.map(({ calls }) => calls)) }]
      : []),
    ...(outsideMs > 0 ? [{ kernel: 'outside kernels', ms: outsideMs, calls: null }] : []),
  ];
  return formatTable(
    [labelOf(spec), 'share', 'ms a step', 'calls a step'],
    lines.map(({ kernel, ms, calls }) => [
      kernel,
      `${((100 * ms) / totalMs).toFixed(1)} %`,
      (ms / steps).toFixed(2),
      calls === null ? '' : (calls / steps).toFixed(0),
    ]),
  );
}

const formatRate = (rate: number): string => (rate < 100 ? rate.toPrecision(3) : rate.toFixed(0));

const formatRatio = (ratio: number): string => (ratio < 9.95 ? ratio.toPrecision(2) : ratio.toFixed(0));

/** `45 s`, `3 min` */
export const formatSeconds = (seconds: number): string =>
  seconds < 100 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
