import { afterEach, beforeEach, expect, test } from 'vitest';
import { whyWaiting } from '../../shared/view/why-waiting.ts';
import { LinkedVolunteer } from '../support/linked-volunteer.ts';
import { entriesOf, until, viewWhen } from '../support/poll.ts';
import { ScriptedTrainer } from '../support/scripted-trainer.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';

const platform = usePlatform();
let ada: LinkedVolunteer;

beforeEach(async () => {
  ada = await LinkedVolunteer.open(platform.client.origin);
});
afterEach(() => ada.close());

test('[LEASE19] [LEASE20] a run whose one device seems too slow says so, and goes on once that has measured again', async () => {
  const { client } = platform;
  const { run } = await createTinyRun(client, { spec: { plan: { name: 'conventional' }, rounds: 1 } });
  const trainer = new ScriptedTrainer();
  trainer.macsPerSecond = 1;
  let endOther = (): void => {};
  trainer.measured = new Promise(resolve => {
    endOther = () => resolve(1e9);
  });
  const end = ada.start(run, trainer);
  const view = await viewWhen(client, run, ({ unfit }) => unfit?.whole !== undefined, 'a word on it');
  const { spec } = await client.run(run);
  expect(whyWaiting(view, spec, Date.now())).toMatch(
    /^waiting for a stronger device, for nobody’s fits: whole needs .* MB of memory and .* multiply-accumulates a second$/,
  );
  endOther();
  await until(async () => {
    // Somebody who comes back to the page asks at once.
    ada.control.resume();
    return trainer.jobs.length > 0;
  }, 'a lease');
  expect(await end).toMatchObject({ refused: 0 });
  expect((await client.run(run)).view.unfit).toEqual({});
  expect(await entriesOf(client, run, 'role-unfit')).toHaveLength(1);
});
