import { afterEach, beforeEach, expect, test } from 'vitest';
import { timeLimits } from '../../client/platform/time-limits.ts';
import { isAsk, isUpdate, LinkedVolunteer } from '../support/linked-volunteer.ts';
import { entriesOf, until } from '../support/poll.ts';
import { ScriptedTrainer } from '../support/scripted-trainer.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';

/** What a volunteer does with an update whose lease ended while the platform was away. */
const platform = usePlatform();
let ada: LinkedVolunteer;

beforeEach(async () => {
  ada = await LinkedVolunteer.open(platform.client.origin);
});
afterEach(() => ada.close());

/** A round wants more updates than one, and there is one role: whoever has served in the round waits. */
const policy = {
  leaseMs: 1_000,
  shortestLeaseMs: 1_000,
  roundMs: 60_000,
  updatesPerRound: 2,
  evaluators: 'referees',
} as const;
const spec = { plan: { name: 'conventional' }, policy } as const;

const isRelevant = (request: string): boolean => isUpdate(request) || isAsk(request);

/** Nothing gets through until the lease has ended at its deadline. Uploads are slow, so an ask overtakes them. */
async function loseUntilEnded(run: string): Promise<void> {
  await until(async () => (await entriesOf(platform.client, run, 'lease-ended')).length > 0, 'the deadline');
  ada.link.delay = request => (isUpdate(request) ? 300 : 0);
  ada.link.fault = () => 'pass';
}

/** The update counts, and nothing is trained for the same round and role once more. */
async function expectOneTraining(run: string, nudge = (): void => {}): Promise<void> {
  const { client } = platform;
  const hasTwo = async (): Promise<boolean> => {
    nudge();
    return (await entriesOf(client, run, 'update-accepted')).length > 1;
  };
  await until(hasTwo, 'the next update');
  const granted = await entriesOf(client, run, 'lease-granted');
  expect(granted.filter(({ round }) => round === 1)).toHaveLength(1);
  expect(await entriesOf(client, run, 'update-refused')).toEqual([]);
}

test('a platform that was away gets the update before it grants another lease', async () => {
  const { run } = await createTinyRun(platform.client, { spec });
  const trainer = new ScriptedTrainer(50);
  let isAway = false;
  ada.link.fault = request => {
    isAway ||= isUpdate(request);
    return isAway && isRelevant(request) ? 'lose' : 'pass';
  };
  // Whatever failed rests for long. A person who comes back ends the rest of the ask alone.
  const callRetry = { first: [60_000, 60_000], last: [60_000, 60_000] } as const;
  ada.limits = { ...timeLimits, callRetry };
  void ada.start(run, trainer);
  await until(async () => ada.link.seen.filter(isAsk).length >= 2, 'an ask in vain');
  await loseUntilEnded(run);
  await expectOneTraining(run, () => ada.control.resume());
});

test('whoever comes back with an update sends it before asking for a lease', async () => {
  const { run } = await createTinyRun(platform.client, { spec });
  const trainer = new ScriptedTrainer(50);
  ada.link.fault = request => (isUpdate(request) ? { status: 503 } : 'pass');
  const tab = ada.openTab();
  const end = ada.start(run, trainer);
  await until(async () => ada.status.unsent !== null && ada.device.kept.size > 0, 'an update that waits');
  ada.control.stop();
  await end;
  tab.close();
  await loseUntilEnded(run);
  void ada.startInTab(run, trainer);
  await expectOneTraining(run);
});
