import { expect, test } from 'vitest';
import { replayPorts } from '../../client/platform/replay-ports.ts';
import { createRandom } from '../../shared/math/random.ts';
import type { Lease } from '../../shared/protocol/lease.ts';
import { replayRun } from '../../shared/replay/replay-run.ts';
import { MemorySums } from '../support/memory-sums.ts';
import { archivedRound, entriesOf, publishedVersion, until } from '../support/poll.ts';
import { usePlatform } from '../support/test-platform.ts';
import { type Change, createTinyModel } from '../support/tiny-model.ts';
import {
  createTinyRun,
  evaluationOf,
  joinMany,
  joinRun,
  type TinyRun,
  type TinyVolunteer,
  train,
  updateOf,
} from '../support/tiny-run.ts';

const platform = usePlatform();

const conventional = { name: 'conventional' } as const;

/** No task fits it, so whatever it is leased is a test. */
const onlyJudges = { device: { backend: 'cpu', macsPerSecond: 0, memoryMB: 0.000_001 } };

/** What somebody says of a version: how many of so many examples are right. */
type Word = (version: number, examples: number) => number;

/** Takes and answers one lease of a test. Whether there was one. */
async function judgeOnce(tiny: TinyRun, { token }: TinyVolunteer, word: Word): Promise<boolean> {
  const { client } = platform;
  const reply = await client.lease(tiny.run, token);
  if (reply.type !== 'lease') return false;
  const { lease } = reply;
  expect(lease.task.role).toBe('evaluator');
  await client.putUpdate(
    tiny.run,
    lease.id,
    lease.token,
    evaluationOf(lease, word(lease.version, lease.examples)),
  );
  return true;
}

/** The versions that a replay finds equal, once the last round is in the archive. */
async function replayed(run: string, last: number) {
  const { client } = platform;
  await until(() => archivedRound(client, run, 'whole', last), 'the archive');
  const sums = new MemorySums();
  return replayRun(replayPorts(client, await client.run(run), role => sums.of(role)));
}

const ROUNDS = 8;

test.each<readonly [string, Word, boolean]>([
  ['that all is right', (_, examples) => examples, true],
  ['in turns that all and that nothing is right', (version, all) => (version % 4 === 2 ? all : 0), false],
])(
  '[EVAL13] [RUN5] [BACK5] two tabs that only judge say %s, and the run goes on to its last round',
  async (_, word, stopAtTarget) => {
    const { client } = platform;
    const spec = { plan: conventional, rounds: ROUNDS, stopAtTarget, targetAccuracy: 0.9 } as const;
    const tiny = await createTinyRun(client, { spec: { ...spec, policy: { updatesPerRound: 1 } } });
    const tabs = [
      await joinRun(client, tiny.run, { name: 'Mal', ...onlyJudges }),
      await joinRun(client, tiny.run, { name: 'Mallory', ...onlyJudges }),
    ];
    const worker = await joinRun(client, tiny.run);
    const judgeAll = async (): Promise<void> => {
      let isOn = true;
      while (isOn) {
        isOn = false;
        for (const tab of tabs) isOn = (await judgeOnce(tiny, tab, word)) || isOn;
      }
    };
    for (let version = 1; version <= ROUNDS; version++) {
      await train(client, tiny, worker, (_, i) => (version * (1 + (i % 3))) / 64);
      await publishedVersion(client, tiny.run, version);
      await judgeAll();
    }
    await until(async () => {
      await judgeAll();
      return (await client.run(tiny.run)).view.phase === 'finished';
    }, 'the end');
    const { view } = await client.run(tiny.run);
    expect(view).toMatchObject({ why: 'rounds', version: ROUNDS, unconfirmed: true });
    const verdicts = await entriesOf(client, tiny.run, 'version-evaluated');
    expect(verdicts.length).toBeGreaterThan(2);
    for (const verdict of verdicts) expect(verdict).toMatchObject({ confirmed: false });
    const told = new Set(verdicts.map(({ accuracy }) => accuracy));
    expect([...told].toSorted()).toEqual(stopAtTarget ? [1] : [0, 1]);
    expect(await entriesOf(client, tiny.run, 'run-taken-back')).toEqual([]);
    expect(await replayed(tiny.run, ROUNDS)).toMatchObject({
      difference: null,
      matched: { first: 1, last: ROUNDS },
    });
  },
);

/** What the honest ones send in a round: something in common, and as much that is each one's own. */
function honest(round: number, who: number): Change {
  const drawn = (seed: string): Float64Array => {
    const random = createRandom('judging', seed);
    return Float64Array.from({ length: 1_000 }, () => (random() - 0.5) / 64);
  };
  const [common, own] = [drawn(`${round}`), drawn(`${round} ${who}`)];
  return (_, i) => (common[i % 1_000] ?? 0) + (own[i % 1_000] ?? 0);
}

test('[EVAL12] [EVAL13] four who all train end their run at its target without a referee: two who helped judge', async () => {
  const { client } = platform;
  const spec = { plan: conventional, rounds: 30, stopAtTarget: true, targetAccuracy: 0.9 } as const;
  const tiny = await createTinyRun(client, {
    model: createTinyModel([40, 25]),
    spec: { ...spec, policy: { updatesPerRound: 4 } },
  });
  const all = await joinMany(client, tiny.run, 4);
  const answer = (lease: Lease, who: number): Promise<unknown> => {
    const isTest = lease.task.role === 'evaluator';
    const update = isTest
      ? evaluationOf(lease, lease.version > 0 ? lease.examples : 0)
      : updateOf(tiny.model, lease, honest(lease.round, who));
    return client.putUpdate(tiny.run, lease.id, lease.token, update);
  };
  await until(async () => {
    for (const [who, { token }] of all.entries()) {
      const reply = await client.lease(tiny.run, token);
      if (reply.type === 'lease') await answer(reply.lease, who);
    }
    return (await client.run(tiny.run)).view.phase === 'finished';
  }, 'the end');
  const { view } = await client.run(tiny.run);
  expect(view).toMatchObject({ why: 'target', accuracy: 1, unconfirmed: false });
  expect(view.version).toBeLessThan(10);
  expect(await replayed(tiny.run, view.version)).toMatchObject({ difference: null });
});
