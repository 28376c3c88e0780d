import { expect, it } from 'vitest';
import { statusLog } from '../../../client/headless/terminal/status-log.ts';
import { idleVolunteer, type VolunteerStatus } from '../../../client/volunteer/volunteer-status.ts';

function logged(): { lines: string[]; tell: (minute: number, status: Partial<VolunteerStatus>) => void } {
  let now = 0;
  const lines: string[] = [];
  const log = statusLog(
    line => lines.push(line),
    () => now,
  );
  const tell = (minute: number, status: Partial<VolunteerStatus>): void => {
    now = 60_000 * minute;
    log({ ...idleVolunteer, ...status });
  };
  return { lines, tell };
}

it('tells why a volunteer waits once, and again after ten minutes', () => {
  const { lines, tell } = logged();
  for (const minute of [0, 1, 9, 10]) tell(minute, { activity: 'waiting', note: 'the run is paused' });
  expect(lines).toEqual(['Waiting: the run is paused.', 'Waiting: the run is paused.']);
});

it('leaves out what is of the moment', () => {
  const { lines, tell } = logged();
  tell(0, { activity: 'starting', note: 'loading the trainer' });
  tell(0, { activity: 'downloading', note: '3 of 5 files' });
  tell(0, { activity: 'training', note: null });
  expect(lines).toEqual([]);
});

it('tells of a refused update whatever is done meanwhile', () => {
  const { lines, tell } = logged();
  tell(0, { activity: 'downloading', note: 'a weight changes by more than an update may hold', refused: 1 });
  tell(0, { activity: 'downloading', note: '1 of 2 files', refused: 1 });
  expect(lines).toEqual(['A weight changes by more than an update may hold.']);
});

it('tells once a minute how far a long task is, and nothing of a short one', () => {
  const { lines, tell } = logged();
  const at = (lease: string, progress: number) =>
    ({ activity: 'training', lease, role: 'whole', round: 2, progress }) as const;
  tell(0, at('a', 0.1));
  tell(0.9, at('a', 0.9));
  tell(1, at('b', 0));
  tell(1.5, at('b', 0.1));
  tell(2, at('b', 0.2));
  tell(2.5, at('b', 0.3));
  tell(3, at('b', 0.4));
  expect(lines).toEqual([
    'At work as whole, round 2: 20 % of the task is done.',
    'At work as whole, round 2: 40 % of the task is done.',
  ]);
});
