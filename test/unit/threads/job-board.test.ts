import { afterEach, describe, expect, it } from 'vitest';
import { startNodeHelper } from '../../../client/headless/kernel-helpers.ts';
import type { HelperThread } from '../../../client/trainer/threads/helper-thread.ts';
import { JobBoard } from '../../../client/trainer/threads/job-board.ts';
import { shareMemory } from '../../../client/trainer/threads/wasm-memory.ts';
import { tinyKernels } from '../../support/tiny-kernels.ts';

let helper: HelperThread | null = null;

afterEach(() => helper?.terminate());

async function startHelper(board: JobBoard): Promise<Int32Array> {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });
  const module = await WebAssembly.compile(shareMemory(tinyKernels, 2));
  helper = startNodeHelper();
  await helper.start({ module, memory, board: board.buffer, kernels: ['add'] });
  return new Int32Array(memory.buffer);
}

const sleep = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};

describe('JobBoard', () => {
  it('lets a helper do what the caller does not come to, and waits until it is out', async () => {
    const board = new JobBoard();
    const numbers = await startHelper(board);
    const mine: number[] = [];
    board.work({ kernel: 0, args: [0, 7], items: 1_000, run: 10 }, (_kernel, _args, from) => {
      mine.push(from);
      sleep(100);
    });
    expect(mine.length).toBeLessThan(20);
    const done = Array.from(numbers.subarray(0, 1_000), value => value === 7);
    const left = Array.from(done.keys()).filter(i => !done[i]);
    expect(left).toEqual(mine.flatMap(from => Array.from({ length: 10 }, (_, i) => from + i)));
  });

  it('does not wait for a helper that sleeps when the items are out', () => {
    const ranges: [number, number][] = [];
    new JobBoard().work({ kernel: 0, args: [], items: 7, run: 3 }, (_kernel, _args, from, to) =>
      ranges.push([from, to]),
    );
    expect(ranges).toEqual([
      [0, 3],
      [3, 6],
      [6, 7],
    ]);
  });

  it('does not wait for ever for a helper whose thread was ended while it was at work', () => {
    const board = new JobBoard(undefined, 50);
    // The word in which helpers count themselves in and out.
    const enter = (): number => Atomics.add(new Int32Array(board.buffer), 1, 1);
    expect(() => board.work({ kernel: 0, args: [], items: 1, run: 1 }, enter)).toThrow(
      'a helper thread was lost',
    );
  });

  it('refuses more arguments than it has room for', () => {
    const args = Array.from({ length: 49 }, () => 0);
    expect(() => new JobBoard().work({ kernel: 0, args, items: 1, run: 1 }, () => {})).toThrow(RangeError);
  });
});
