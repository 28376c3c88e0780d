import { expect, test } from 'vitest';
import { describeEvent, describePause } from '../../client/web/run/describe-event.ts';

const nameOf = (): string => 'Ada';

test('roles are counted as their parts stand in the network, those of parts called after them', () => {
  const goals = { whole: 2, teacher: 1, 'segment-2': 1, student: 3 };
  expect(describeEvent({ type: 'round-opened', round: 4, goals }, nameOf)).toBe(
    'Round 4 opened: 3 students, 1 of segment-2, 1 teacher, 2 of the whole network wanted',
  );
  expect(describeEvent({ type: 'round-opened', round: 4, goals: {} }, nameOf)).toContain('no updates wanted');
});

test('a pause says whether it was the host or the run itself', () => {
  const told = (['host', 'diverged', undefined] as const).map(why =>
    describeEvent({ type: 'run-paused', ...(why ? { why } : {}) }, nameOf),
  );
  expect(told).toEqual([
    'The host paused the run',
    'The run paused itself: the training diverges on every device that tries it',
    'The host paused the run',
  ]);
  expect([describePause('host'), describePause(null)]).toEqual([null, null]);
  expect(describePause('diverged')).toContain('A new run needs a smaller rate');
});
