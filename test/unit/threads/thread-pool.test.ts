import { afterEach, describe, expect, it } from 'vitest';
import { startNodeHelper } from '../../../client/headless/trainer-thread/kernel-helpers.ts';
import type { SpawnHelper } from '../../../client/trainer/threads/helper-thread.ts';
import { ThreadPool } from '../../../client/trainer/threads/thread-pool.ts';
import { shareMemory } from '../../../client/trainer/threads/wasm-memory.ts';
import { tinyKernels } from '../../support/tiny-kernels.ts';

const ADD = 0;
const TRAP_BEYOND = 1;

const pools: ThreadPool[] = [];

afterEach(() => {
  for (const pool of pools.splice(0)) pool.end();
});

/** A pool over the tiny kernels, and their memory. */
async function startPool(
  threads: number,
  spawn: SpawnHelper | null = startNodeHelper,
): Promise<{ pool: ThreadPool; memory: WebAssembly.Memory; numbers: Int32Array }> {
  const memory = new WebAssembly.Memory({ initial: 32, maximum: 64, shared: true });
  const module = await WebAssembly.compile(shareMemory(tinyKernels, 64));
  const pool = await ThreadPool.start({ threads, spawn, module, memory, kernels: ['add', 'trapBeyond'] });
  pools.push(pool);
  return { pool, memory, numbers: new Int32Array(memory.buffer) };
}

const sum = (numbers: Int32Array): number => numbers.reduce((total, value) => total + value, 0);

describe('ThreadPool', () => {
  it.each([1, 2, 3])('does every item of every job once on %i threads', async threads => {
    const { pool, numbers } = await startPool(threads);
    expect(pool.threads).toBe(threads);
    expect(pool.note).toBeNull();
    for (let job = 1; job <= 500; job++) pool.run(ADD, 1 + ((job * 7_919) % 5_000), [0, 1]);
    const expected = Array.from({ length: 5_000 }, (_, i) => {
      let jobs = 0;
      for (let job = 1; job <= 500; job++) if (i < 1 + ((job * 7_919) % 5_000)) jobs++;
      return jobs;
    });
    expect([...numbers.subarray(0, 5_000)]).toEqual(expected);
  });

  it('reaches memory that was added after the helpers started', async () => {
    const { pool, memory } = await startPool(2);
    const before = memory.buffer.byteLength;
    memory.grow(16);
    pool.run(ADD, 200_000, [before, 3]);
    const numbers = new Int32Array(memory.buffer, before, 200_000);
    expect(numbers.every(value => value === 3)).toBe(true);
  });

  it('leaves a job of one item to the caller', async () => {
    const { pool } = await startPool(2);
    expect(() => pool.run(TRAP_BEYOND, 1, [0])).toThrow(WebAssembly.RuntimeError);
    expect(pool.threads).toBe(2);
  });

  it('reports a kernel that failed, and goes on with one thread', async () => {
    const { pool, numbers } = await startPool(2);
    expect(() => pool.run(TRAP_BEYOND, 1_000, [0])).toThrow();
    expect(pool.threads).toBe(1);
    pool.run(ADD, 1_000, [0, 1]);
    expect(sum(numbers)).toBe(1_000);
  });

  it('starts with the threads that it can get, and says how many and why', async () => {
    let asked = 0;
    const { pool, numbers } = await startPool(3, () => {
      asked += 1;
      if (asked === 1) return startNodeHelper();
      return { start: () => Promise.reject(new Error('no more threads here')), terminate: () => {} };
    });
    expect(pool.threads).toBe(2);
    expect(pool.note).toBe('2 of 3 threads started (no more threads here)');
    pool.run(ADD, 1_000, [0, 1]);
    expect(sum(numbers)).toBe(1_000);
  });

  it('works if no helper can be made', async () => {
    const { pool, numbers } = await startPool(4, null);
    expect(pool.threads).toBe(1);
    pool.run(ADD, 1_000, [0, 1]);
    expect(sum(numbers)).toBe(1_000);
  });
});
