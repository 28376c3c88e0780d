import { labelOf } from './kernels-settings.ts';
import { type Measured, summaryOf } from './measure-model.ts';
import { formatTable } from './report.ts';
import type { Profile, SideSpec } from './side.ts';

const PROFILE_ROWS = 12;

/** A row of the report (product.md, "Benchmark reports"). */
export interface KernelsRow {
  readonly model: string;
  readonly backend: string;
  readonly threads: number;
  readonly batch: number;
  readonly samplesPerSecond: number;
  readonly min: number;
  readonly max: number;
}

export function toRow(model: string, measured: Measured): KernelsRow {
  const { backend, threads } = measured.side;
  const { median, min, max } = summaryOf(measured);
  return { model, backend, threads, batch: measured.batch, samplesPerSecond: median, min, max };
}

/** A row of where a step's time goes. */
export interface ProfileRow {
  readonly model: string;
  readonly backend: string;
  readonly threads: number;
  readonly kernel: string;
  /** Of the step, in [0, 1]. */
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

/** Samples a second by side, against PyTorch on one thread where that was measured. */
export function formatRates(rows: readonly KernelsRow[]): string {
  const base = rows.find(({ backend, threads }) => backend === 'pytorch' && threads === 1);
  return formatTable(
    ['backend', 'threads', 'batch', 'samples/s', 'min', 'max', 'of PyTorch'],
    rows.map(({ backend, threads, batch, samplesPerSecond, min, max }) => [
      backend,
      `${threads}`,
      `${batch}`,
      ...[samplesPerSecond, min, max].map(formatRate),
      base ? `${formatRatio(samplesPerSecond / base.samplesPerSecond)} x` : '–',
    ]),
  );
}

/** Where the time of a step goes: the longest kernels, the rest of them, and what is around kernels. */
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
