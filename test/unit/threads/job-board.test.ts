import { afterEach, describe, expect, it } from 'vitest';
import { startNodeHelper } from '../../../client/headless/trainer-thread/kernel-helpers.ts';
import type { HelperThread } from '../../../client/trainer/threads/helper-thread.ts';
import { JobBoard } from '../../../client/trainer/threads/job-board.ts';
import { shareMemory } from '../../../client/trainer/threads/wasm-memory.ts';
import { tinyKernels } from '../../support/tiny-kernels.ts';

let helper: HelperThread | null = null;

afterEach(() => {
  helper?.terminate();
  helper = null;
});

async function startHelper(board: JobBoard): Promise<Int32Array> {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });
  const module = await WebAssembly.compile(shareMemory(tinyKernels, 2));
  helper = startNodeHelper();
  await helper.start({ module, memory, board: board.buffer, kernels: ['add'], place: 1 });
  return new Int32Array(memory.buffer);
}

const sleep = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};

describe('JobBoard', () => {
  it('lets a helper do what the caller has no time for, and waits until it has left', async () => {
    const board = new JobBoard();
    const numbers = await startHelper(board);
    const mine: number[] = [];
    board.work({ kernel: 0, args: [0, 7], items: 1_000, run: 10, threads: 2 }, (_kernel, _args, from, to) => {
      for (let item = from; item < to; item++) mine.push(item);
      sleep(100);
    });
    expect(mine.length).toBeLessThan(200);
    const done = Array.from(numbers.subarray(0, 1_000), value => value === 7);
    const left = Array.from(done.keys()).filter(i => !done[i]);
    expect(left).toEqual(mine);
  });

  it('does not wait for a helper that does not come', () => {
    const ranges: [number, number][] = [];
    const job = { kernel: 0, args: [], items: 10, run: 2, threads: 2 };
    new JobBoard().work(job, (_kernel, _args, from, to) => {
      ranges.push([from, to]);
      sleep(1);
    });
    // The first item, to see how long it takes; the caller's own half; the helper's half.
    expect(ranges).toEqual([
      [0, 1],
      [1, 3],
      [3, 5],
      [5, 7],
      [7, 9],
      [9, 10],
    ]);
  });

  it.each([
    [2, 3, 1],
    [4, 8, 1],
    [5, 64, 1],
    [33, 2, 3],
    [64, 64, 1],
    [100, 2, 7],
    [100, 33, 1],
    [2_000, 64, 4],
  ])('does each of %i items for %i threads once, in runs of %i', (items, threads, run) => {
    const times = Array.from({ length: items }, () => 0);
    new JobBoard().work({ kernel: 0, args: [], items, run, threads }, (_kernel, _args, from, to) => {
      for (let item = from; item < to; item++) times[item] = (times[item] ?? 0) + 1;
      if (from === 0) sleep(2);
    });
    expect(times).toEqual(Array.from({ length: items }, () => 1));
  });

  it('does not wait for ever for a helper whose thread was ended during its work', () => {
    const board = new JobBoard(undefined, 50);
    // The word in which helpers count themselves in and out.
    const enter = (): void => {
      Atomics.add(new Int32Array(board.buffer), 1, 1);
      sleep(1);
    };
    const job = { kernel: 0, args: [], items: 2, run: 1, threads: 2 };
    expect(() => board.work(job, enter)).toThrow('a helper thread was lost');
  });

  it('refuses more arguments than it has room for', () => {
    const args = Array.from({ length: 49 }, () => 0);
    const job = { kernel: 0, args, items: 2, run: 1, threads: 2 };
    expect(() => new JobBoard().work(job, () => sleep(1))).toThrow(RangeError);
  });
});
