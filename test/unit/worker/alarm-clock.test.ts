import { expect, test } from 'vitest';
import { AlarmClock } from '../../../worker/alarm-clock.ts';

/** What an object's storage keeps of its alarm. */
function alarmOf(kept: number | null) {
  const set: number[] = [];
  const storage = {
    getAlarm: async () => set.at(-1) ?? kept,
    setAlarm: async (at: number | Date) => void set.push(Number(at)),
  };
  return { set, clock: new AlarmClock(storage) };
}

test('an alarm that rings early enough stays as it is', async () => {
  const { set, clock } = alarmOf(null);
  await clock.ringBy(2_000);
  await clock.ringBy(2_500);
  await clock.ringBy(1_500);
  clock.rang();
  await clock.ringBy(4_000);
  expect(set).toEqual([2_000, 1_500, 4_000]);
});

test('an alarm that was set before the object slept is known, whatever the clock said then', async () => {
  const { set, clock } = alarmOf(3_605_000);
  await clock.wake();
  await clock.ringBy(3_610_000);
  // The clock was set back by an hour.
  await clock.ringBy(5_000);
  expect(set).toEqual([5_000]);
});
