import { describe, expect, it } from 'vitest';
import {
  formatProfile,
  formatRates,
  formatSeconds,
  toProfileRows,
  toRows,
} from '../../bench/kernels-table.ts';
import type { Measured } from '../../bench/measure-model.ts';
import { formatTable, summarise } from '../../bench/report.ts';
import type { Backend } from '../../bench/side.ts';

const measured = (backend: Backend, threads: number, rates: number[]): Measured => ({
  side: {
    name: backend,
    gpu: null,
    backend,
    threads,
    load: () => Promise.reject(new Error('is loaded')),
    run: () => Promise.reject(new Error('has run')),
    profile: () => Promise.reject(new Error('has none')),
    close: () => {},
  },
  batch: 32,
  loaded: { parameters: 1, macs: 1 },
  steps: 1,
  rates,
});

describe('a summary', () => {
  it('is the middle value and the spread, however the values come', () => {
    expect(summarise([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
    expect(summarise([4, 1, 2, 100])).toEqual({ median: 3, min: 1, max: 100 });
  });
});

describe('the rows of a comparison', () => {
  const one = measured('pytorch', 1, [2000, 1000, 100]);

  it('are the median and the spread', () => {
    expect(toRows('two-conv', [measured('wasm', 2, [9, 1, 5])])).toEqual([
      {
        model: 'two-conv',
        backend: 'wasm',
        threads: 2,
        batch: 32,
        samplesPerSecond: 5,
        min: 1,
        max: 9,
        ofPyTorch: null,
      },
    ]);
  });

  it('put every side against PyTorch on one thread, repeat by repeat', () => {
    const sides = [measured('wasm', 1, [500, 250, 90]), measured('cpu', 1, [20, 10]), one];
    expect(toRows('two-conv', sides).map(({ ofPyTorch }) => ofPyTorch)).toEqual([0.25, 0.01, 1]);
  });

  it('have no ratio to PyTorch on two threads', () => {
    const sides = [measured('wasm', 1, [500]), measured('pytorch', 2, [4000])];
    expect(toRows('two-conv', sides).map(({ ofPyTorch }) => ofPyTorch)).toEqual([null, null]);
  });
});

describe('the table of rates', () => {
  it('shows ratios, and a dash where there is none', () => {
    const rows = toRows('two-conv', [
      measured('wasm', 1, [500, 250, 90]),
      measured('pytorch', 1, [2000, 1000, 100]),
    ]);
    expect(formatRates(rows)).toMatch(/wasm +1 +32 +250 +90.0 +500 +0.25 x/);
    expect(formatRates(toRows('two-conv', [measured('wasm', 1, [500])]))).toMatch(/500 +500 +–$/);
  });

  it('keeps its columns under each other', () => {
    expect(formatTable(['a', 'b'], [['long', '1']])).toBe('a     b\nlong  1');
  });
});

describe('a profile', () => {
  const kernels = Array.from({ length: 14 }, (_, i) => ({ kernel: `K${i}`, ms: 5, calls: 2 }));
  const lines = formatProfile({ backend: 'wasm', threads: 1 }, { totalMs: 100, kernels }, 2).split('\n');

  it('shows twelve kernels, the rest together, and what is around them; shares add up to the whole', () => {
    expect(lines.map(line => line.split(/ {2,}/)[0])).toEqual([
      'wasm, 1 thread',
      ...kernels.slice(0, 12).map(({ kernel }) => kernel),
      '2 others',
      'outside kernels',
    ]);
    const shares = lines.slice(1).map(line => Number(/([\d.]+) %/.exec(line)?.[1]));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100);
  });

  it('counts time and calls a step', () => {
    expect(lines[1]).toMatch(/^K0 +5\.0 % +2\.50 +1$/);
    expect(lines.at(-1)).toMatch(/^outside kernels +30\.0 % +15\.00/);
  });
});

describe('rows of a profile', () => {
  it('are flat and count a step', () => {
    const profile = { totalMs: 40, kernels: [{ kernel: 'Conv2D', ms: 10, calls: 6 }] };
    expect(toProfileRows('cnn-5', { backend: 'wasm', threads: 2 }, profile, 2)).toEqual([
      {
        model: 'cnn-5',
        backend: 'wasm',
        threads: 2,
        kernel: 'Conv2D',
        share: 0.25,
        msPerStep: 5,
        callsPerStep: 3,
      },
    ]);
  });
});

describe('time left', () => {
  it.each([
    [0.2, '1 s'],
    [99, '99 s'],
    [130, '3 min'],
  ])('%d s reads %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));
});
