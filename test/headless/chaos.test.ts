import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildChaosWorker } from '../bench/chaos/build-chaos-worker.ts';
import { type ChaosScenario, drawScenario, type Mishap } from '../bench/chaos/draw-scenario.ts';
import { runChaos } from '../bench/chaos/run-chaos.ts';
import { firstOf } from '../support/extent.ts';

let script = '';
beforeAll(async () => {
  script = await buildChaosWorker();
});

const calm: ChaosScenario = { ...drawScenario(1, 0), kernel: [20, 30], volunteers: 3 };

/** Each soon after the other, so that they fall on a run in which something goes on. */
const scenarioOf = (...mishaps: Mishap[]): ChaosScenario => ({
  ...calm,
  mishaps: mishaps.map(mishap => ({ afterMs: 400, mishap })),
});

async function expectWell(scenario: ChaosScenario): Promise<void> {
  const outcome = await runChaos(scenario, script);
  expect(outcome.failure, `seed ${scenario.seed}, its data are in ${outcome.folder}`).toBeNull();
  expect(outcome.versions).toBeGreaterThanOrEqual(2);
  expect(outcome.accepted).toBeGreaterThan(0);
}

describe('every version can be computed again, and every trained update is accounted for', () => {
  test('when the platform is killed, and then workerd alone', async () => {
    await expectWell(
      scenarioOf({ kind: 'kill-platform', downMs: 100 }, { kind: 'kill-workerd', downMs: 100 }),
    );
  });

  test('when objects end, also in the midst of a fold', async () => {
    await expectWell(
      scenarioOf({ kind: 'end-in-fold', times: 2 }, { kind: 'end-objects' }, { kind: 'end-objects' }),
    );
  });

  test('when storage fails, the clock jumps and the disk is full', async () => {
    await expectWell(
      scenarioOf(
        { kind: 'storage-fails', chance: 0.4, ms: 700 },
        { kind: 'clock-jumps', byMs: 3_600_000, ms: 500 },
        { kind: 'clock-jumps', byMs: -3_600_000, ms: 500 },
        { kind: 'disk-full', ms: 500 },
      ),
    );
  });

  test('when requests are lost, torn, doubled and late, and volunteers die', async () => {
    await expectWell({
      ...scenarioOf({ kind: 'bad-link', chance: 0.4, ms: 1_500 }, { kind: 'volunteers-die', count: 3 }),
      kernel: [800, 800],
    });
  });

  test.each(firstOf(1, [101, 102, 103, 104, 105, 106]))('in what is drawn from seed %i', async seed => {
    await expectWell(drawScenario(seed, 4));
  });
});

test.each([
  [['--scenarios', '0'], /--scenarios takes a whole number/],
  [['--seed', 'x'], /--seed takes a whole number/],
  [['--json', '/nowhere/x'], /--json: \/nowhere is not a folder/],
])('%s is refused in one line', (args, message) => {
  const { status, stderr } = spawnSync(process.execPath, ['test/bench/chaos.ts', ...args], {
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
