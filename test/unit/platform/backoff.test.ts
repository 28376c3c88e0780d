import { expect, test } from 'vitest';
import { backoffMs } from '../../../client/platform/backoff.ts';
import { UnreachableError } from '../../../client/platform/call-platform.ts';
import { retryUntilReached } from '../../../client/platform/retry-until-reached.ts';
import { timeLimits } from '../../../client/platform/time-limits.ts';

const bounds = { first: [50, 100], last: [700, 1_000] } as const;

test('the shortest and the longest rest double with each failure, up to the last', () => {
  const shortest = [1, 2, 3, 4, 5, 6, 60].map(failures => backoffMs(failures, bounds, 0));
  expect(shortest).toEqual([50, 100, 200, 400, 700, 700, 700]);
  const longest = [1, 2, 3, 4, 5, 6, 60].map(failures => backoffMs(failures, bounds, 1));
  expect(longest).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000]);
});

test('a rest is drawn between the shortest and the longest, after many failures too', () => {
  expect([0, 0.5, 1].map(random => backoffMs(1, bounds, random))).toEqual([50, 75, 100]);
  expect([0, 0.5, 1].map(random => backoffMs(99, bounds, random))).toEqual([700, 850, 1_000]);
});

test('a socket comes back within a quarter of a second at first, and after many failures within 15 s', () => {
  const { socketRetry } = timeLimits;
  expect([0, 1].map(random => backoffMs(1, socketRetry, random))).toEqual([125, 250]);
  expect([0, 1].map(random => backoffMs(60, socketRetry, random))).toEqual([10_000, 15_000]);
});

test('hundreds that lost the platform in the same moment do not come back in the same moment', () => {
  const back = Array.from({ length: 500 }, (_, i) => backoffMs(1, timeLimits.socketRetry, (i * 0.618) % 1));
  const inOneMs = Math.max(...countByMs(back).values());
  expect(inOneMs).toBeLessThanOrEqual(5);
});

function countByMs(times: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const time of times) counts.set(Math.floor(time), (counts.get(Math.floor(time)) ?? 0) + 1);
  return counts;
}

test('a call is tried again with the rests that were drawn, until it is reached', async () => {
  const rests: number[] = [];
  let attempts = 0;
  const waiting = {
    backoff: bounds,
    isDone: () => false,
    onRetry: () => {},
    rest: async (ms: number) => void rests.push(ms),
  };
  const ask = async (): Promise<string> => {
    if (++attempts < 4) throw new UnreachableError('nobody is there', null);
    return 'reached';
  };
  const draws = [0, 0.5, 1];
  expect(await retryUntilReached(waiting, ask, () => draws[rests.length] ?? 0)).toBe('reached');
  expect(rests).toEqual([50, 150, 400]);
});
