import { afterEach, describe, expect, it, vi } from 'vitest';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { timeLimits } from '../../client/platform/time-limits.ts';
import { type LiveRun, openLiveRun } from '../../client/web/state/live-run.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { until } from '../support/poll.ts';
import { factsOf, RUN, viewOf } from './some-run.ts';
import { stubPlatform } from './stub-platform.ts';

const limits = { ...timeLimits, socketRetry: { first: [1, 2], last: [1, 2] } } as const;

let live: LiveRun | null = null;

/** A run whose version grows with each look at it. */
function openWith(socket: unknown): LiveRun {
  let looks = 0;
  const { model } = factsOf();
  const segments = Object.fromEntries(
    model.segments.map(({ id }) => [id, { version: 0, shards: [{ sha256: 'a'.repeat(64), bytes: 4 }] }]),
  );
  stubPlatform({
    [paths.run(RUN)]: () => [200, { ...factsOf(), view: viewOf({ version: looks++ }) }],
    [paths.version(RUN, 0)]: () => [200, { version: 0, segments }],
  });
  vi.stubGlobal('WebSocket', socket);
  live = openLiveRun(new HomeroomClient('http://here.example', { limits }), RUN);
  return live;
}

afterEach(() => {
  live?.close();
  vi.unstubAllGlobals();
});

describe('a run that is followed without a live connection', () => {
  it.each([
    ['has no sockets', undefined],
    [
      'forbids them',
      class {
        constructor() {
          throw new DOMException('forbidden', 'SecurityError');
        }
      },
    ],
  ])('in a browser that %s is brought up to date by asking, and says so', async (_, socket) => {
    const run = openWith(socket);
    await until(async () => run.isCutOff.value, 'it says that it is cut off');
    await until(async () => (run.view.value?.version ?? 0) > 1, 'a newer view');
    expect(run.isConnected.value).toBe(false);
    expect(run.error.value).toBeNull();
  });
});
