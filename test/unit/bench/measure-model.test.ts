import { describe, expect, it } from 'vitest';
import { benchModel } from '../../bench/bench-models.ts';
import { compareSides } from '../../bench/measure-model.ts';
import type { Backend, LoadedModel, Side } from '../../bench/side.ts';

interface Script {
  readonly backend?: Backend;
  readonly secondsPerStep?: number;
  readonly loaded?: LoadedModel;
  /** Loss of the nth run, from 0. */
  readonly lossOf?: (run: number) => number | null;
}

const LOADED = { parameters: 10, macs: 100 };
const falling = (run: number): number => 1 / (run + 1);

/** A side that says how long its steps took, and writes down what it was asked. */
function scriptedSide(name: string, log: string[], script: Script = {}): Side {
  const { backend = 'wasm', secondsPerStep = 0.1, loaded = LOADED, lossOf = falling } = script;
  let runs = 0;
  return {
    name,
    gpu: null,
    backend,
    threads: 1,
    load: async (_, batch) => {
      log.push(`${name} loads ${batch}`);
      return loaded;
    },
    run: async steps => {
      log.push(`${name} runs ${steps}`);
      return { seconds: steps * secondsPerStep, loss: lossOf(runs++) };
    },
    profile: async () => ({ totalMs: 0, kernels: [] }),
    close: () => {},
  };
}

const compare = (sides: readonly Side[], repeats = 3) =>
  compareSides(benchModel('two-conv'), sides, { batch: 32, repeats }, () => {});

describe('a comparison', () => {
  it('measures samples a second, the sides in turn', async () => {
    const log: string[] = [];
    const sides = [scriptedSide('A', log), scriptedSide('B', log, { secondsPerStep: 0.2 })];
    const { measured, failures } = await compare(sides);
    expect(failures).toEqual([]);
    expect(measured.map(({ rates }) => rates.map(Math.round))).toEqual([
      [320, 320, 320],
      [160, 160, 160],
    ]);
    expect(log.slice(-6).map(line => line[0])).toEqual(['A', 'B', 'A', 'B', 'A', 'B']);
  });

  it('makes a repeat long enough for a clock, and one step of what is slow', async () => {
    const log: string[] = [];
    const quick = scriptedSide('quick', log, { secondsPerStep: 0.01 });
    const slow = scriptedSide('slow', log, { secondsPerStep: 3 });
    await compare([quick, slow], 1);
    expect(log.slice(-2)).toEqual(['quick runs 40', 'slow runs 1']);
  });

  it('gives the CPU backend one sample and two repeats', async () => {
    const log: string[] = [];
    const { measured } = await compare([scriptedSide('C', log, { backend: 'cpu', secondsPerStep: 4 })], 5);
    expect(log[0]).toBe('C loads 1');
    expect(measured[0]?.rates).toEqual([0.25, 0.25]);
  });

  it('warms up until the loss has fallen, though that takes longer', async () => {
    const side = scriptedSide('A', [], { lossOf: run => (run < 5 ? 1 + run : 0.5) });
    expect((await compare([side])).failures).toEqual([]);
  });

  it.each([
    ['does not fall', () => 2.3, /does not fall on a fixed batch: 2.3 at first/],
    ['is not finite', (run: number) => (run === 6 ? null : falling(run)), /not a number/],
  ])('fails a side whose loss %s, and goes on with the others', async (_, lossOf, reason) => {
    const { measured, failures } = await compare([
      scriptedSide('bad', [], { lossOf }),
      scriptedSide('good', []),
    ]);
    expect(failures.map(failure => failure.side.name)).toEqual(['bad']);
    expect(failures[0]?.reason).toMatch(reason);
    expect(measured.map(({ side }) => side.name)).toEqual(['good']);
  });

  it('fails a side that trains another model than the first', async () => {
    const other = scriptedSide('B', [], { backend: 'pytorch', loaded: { parameters: 10, macs: 99 } });
    const { failures } = await compare([scriptedSide('A', []), other]);
    expect(failures[0]?.reason).toBe('99 macs, but 100 on wasm, 1 thread');
  });
});
