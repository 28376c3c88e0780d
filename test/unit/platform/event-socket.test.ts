import { expect, test } from 'vitest';
import { openEventSocket } from '../../../client/platform/event-socket.ts';
import { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { timeLimits } from '../../../client/platform/time-limits.ts';
import { until } from '../../support/poll.ts';
import { openTellingPlatform } from '../../support/telling-platform.ts';

test.each([
  ['nothing that can be read', 'garbage'],
  ['nothing new', '[]'],
])('a socket that opens, tells %s and closes is opened ever less often', async (_, message) => {
  const platform = await openTellingPlatform([message], { closes: true });
  const socketRetry = { first: [10, 20], last: [5_000, 10_000] } as const;
  const limits = { ...timeLimits, socketRetry };
  const socket = openEventSocket(new HomeroomClient(platform.origin, { limits }), 'run', 0, () => {});
  const { opened } = platform;
  await until(async () => opened.length >= 6, 'six connections');
  socket.close();
  platform.close();
  // The fifth rest is at least 10 ms doubled four times.
  expect((opened[5]?.at ?? 0) - (opened[4]?.at ?? 0)).toBeGreaterThan(150);
});
