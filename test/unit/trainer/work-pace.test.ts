import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Effort, LEAST_EFFORT } from '../../../client/trainer/lease/effort.ts';
import { AbortError, WorkPace } from '../../../client/trainer/lease/work-pace.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** The clock's ms that pass until a batch that took `workMs` lets the next one begin. */
async function passedAfter(
  pace: WorkPace,
  workMs: number,
  readLoss?: () => Promise<number>,
): Promise<number> {
  vi.advanceTimersByTime(workMs);
  const startedAt = performance.now();
  let isOver = false;
  const step = pace.step(1, readLoss).then(() => {
    isOver = true;
  });
  while (!isOver) await vi.advanceTimersByTimeAsync(1);
  await step;
  return performance.now() - startedAt;
}

const paceAt = (share: number): WorkPace => {
  const effort = new Effort();
  effort.set(share);
  return new WorkPace(100, () => {}, effort);
};

describe('the pace of the work', () => {
  it.each([
    [1, 60, 0],
    [0.5, 60, 60],
    [0.25, 60, 180],
    [0.1, 100, 900],
  ])('at an effort of %s rests after %s ms of work for %s ms', async (share, workMs, restMs) => {
    const passed = await passedAfter(paceAt(share), workMs);
    expect(passed).toBeGreaterThanOrEqual(restMs);
    expect(passed).toBeLessThanOrEqual(restMs + 2);
  });

  it('waits for a graphics card before it rests, and counts that as work', async () => {
    const settle = async (): Promise<number> => {
      await new Promise(resolve => setTimeout(resolve, 40));
      return 0;
    };
    const passed = await passedAfter(paceAt(0.5), 60, settle);
    // 40 ms until the card is done, then 100 ms of rest. Another 40 ms are for the loss that is told.
    expect(passed).toBeGreaterThanOrEqual(140);
    expect(passed).toBeLessThanOrEqual(184);
  });

  it('hears of more effort, and of a cancel, in the middle of a rest', async () => {
    const effort = new Effort();
    effort.set(0.1);
    const pace = new WorkPace(100, () => {}, effort);
    vi.advanceTimersByTime(1_000);
    const step = pace.step(1);
    await vi.advanceTimersByTimeAsync(250);
    effort.set(1);
    await vi.advanceTimersByTimeAsync(100);
    await step;
    effort.set(0.1);
    vi.advanceTimersByTime(1_000);
    const cancelled = expect(pace.step(1)).rejects.toThrow(AbortError);
    await vi.advanceTimersByTimeAsync(50);
    pace.cancel();
    await vi.advanceTimersByTimeAsync(100);
    await cancelled;
  });

  it.each([
    [0, LEAST_EFFORT],
    [-3, LEAST_EFFORT],
    [7, 1],
    [Number.NaN, 1],
  ])('holds an effort of %s to %s', (share, held) => {
    const effort = new Effort();
    effort.set(share);
    expect(effort.share).toBe(held);
  });
});
