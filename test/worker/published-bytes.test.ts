import { expect, test } from 'vitest';
import { publishedVersion } from '../support/poll.ts';
import { keptChange, keptRuns, shownHashes } from '../support/published-bytes.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun, joinMany, train } from '../support/tiny-run.ts';

const platform = usePlatform();

test.each(keptRuns)('[PUB1] $aggregation on $name publishes the bytes that were kept', async kept => {
  const { client } = platform;
  const { aggregation, robust, volunteers } = kept;
  const policy = { updatesPerRound: volunteers, evaluators: 'referees' } as const;
  const spec = { ...kept.spec, aggregation, robust, codec: { name: 'f32' }, policy } as const;
  const tiny = await createTinyRun(client, { model: kept.model(), spec });
  const joined = await joinMany(client, tiny.run, volunteers);
  for (const [i, published] of kept.published.entries()) {
    const round = i + 1;
    for (const [place, volunteer] of joined.entries())
      await train(client, tiny, volunteer, keptChange(round, place, place === volunteers - 1), {
        codec: { name: 'f32' },
      });
    expect(shownHashes(await publishedVersion(client, tiny.run, round))).toEqual(published);
  }
});
