import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Manifest } from '../../shared/protocol/model-outline.ts';
import { publishedVersion } from '../support/poll.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, joinRun, train } from '../support/tiny-run.ts';

const platform = usePlatform();

/** The last segment has several shards, so that a fold takes a while. */
const model = createTinyModel([600, 1_000], { hasMiddle: true });
const spec = {
  plan: { name: 'depth-federated', correction: 0.1 },
  policy: { evaluators: 'referees', updatesPerRound: 3 },
  rounds: 2,
} as const;

/** Memory in MB by which a device has room for one, two or all three segments. */
const ROOM = [0.002, 0.004, 0];

/** @param stops milliseconds after a round's last update, and after each start, at which the platform is ended */
async function playRounds(stops: readonly number[]): Promise<Manifest> {
  const tiny = await createTinyRun(platform.client, { model, spec });
  const volunteers = [];
  for (const memoryMB of ROOM)
    volunteers.push(
      await joinRun(platform.client, tiny.run, { device: { backend: 'cpu', macsPerSecond: 0, memoryMB } }),
    );
  for (let round = 1; round <= spec.rounds; round++) {
    const roles = [];
    for (const [i, volunteer] of volunteers.entries())
      roles.push(
        (await train(platform.client, tiny, volunteer, (_, index) => ((index % 97) - 48 + i) / 1_000)).task
          .role,
      );
    expect(roles).toEqual(['student', 'depth-2', 'whole']);
    for (const ms of stops) {
      await setTimeout(ms);
      await platform.stopAtOnce();
      await platform.start();
    }
    await publishedVersion(platform.client, tiny.run, round);
  }
  return publishedVersion(platform.client, tiny.run, spec.rounds);
}

test('[PUB7] [PUB8] a platform ended while sums are handed from fold to fold publishes the same bytes', async () => {
  const plain = await playRounds([]);
  expect(plain.segments['segment-2']?.slots).toBeDefined();
  expect(await playRounds([0, 20, 60])).toEqual(plain);
});
