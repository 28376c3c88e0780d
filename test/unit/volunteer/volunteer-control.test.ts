import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VolunteerControl } from '../../../client/volunteer/volunteer-control.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Sleeps, and says when it ended, in ms from now. */
function sleep(control: VolunteerControl, ms: number, heard: number, wakeMs: number): Promise<number> {
  const from = Date.now();
  return control.sleep(ms, heard, wakeMs).then(() => Date.now() - from);
}

test('a nudge ends a sleep after its share of the spread, and more nudges do not put that off', async () => {
  const control = new VolunteerControl();
  const slept = sleep(control, 5_000, control.nudges, 300);
  await vi.advanceTimersByTimeAsync(1_000);
  control.nudge();
  await vi.advanceTimersByTimeAsync(200);
  control.nudge();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await slept).toBe(1_300);
});

test('a nudge that came while the question was on its way counts', async () => {
  const control = new VolunteerControl();
  const heard = control.nudges;
  control.nudge();
  const slept = sleep(control, 5_000, heard, 300);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(await slept).toBe(300);
});

test('a sleep ends by itself when a nudge would end it later, and the nudge does not end the next rest', async () => {
  const control = new VolunteerControl();
  const slept = sleep(control, 1_000, control.nudges, 800);
  await vi.advanceTimersByTimeAsync(900);
  control.nudge();
  await vi.advanceTimersByTimeAsync(100);
  expect(await slept).toBe(1_000);
  let isOver = false;
  void control.rest(5_000).then(() => {
    isOver = true;
  });
  await vi.advanceTimersByTimeAsync(4_900);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(100);
  expect(isOver).toBe(true);
});

test('a switch ends a sleep at once, in the middle of the spread too', async () => {
  const control = new VolunteerControl();
  const slept = sleep(control, 5_000, control.nudges, 4_000);
  control.nudge();
  await vi.advanceTimersByTimeAsync(100);
  control.pause();
  await vi.advanceTimersByTimeAsync(0);
  expect(await slept).toBe(100);
});

test('a lease that is given back is told why: of several stops the first one', () => {
  const control = new VolunteerControl();
  control.pause();
  expect(control.whyNot).toBe('the volunteer paused');
  control.stop('the page was closed');
  control.stop();
  control.stop('the trainer failed');
  expect(control.whyNot).toBe('the page was closed');
});

test('a volunteer who finishes its last lease, and one who is stopped without a reason, has stopped', () => {
  const [finishing, stopped] = [new VolunteerControl(), new VolunteerControl()];
  finishing.finishThenStop();
  stopped.stop();
  expect([finishing.whyNot, stopped.whyNot]).toEqual(Array(2).fill('the volunteer stopped'));
});
