import { expect, test } from 'vitest';
import { isOver, OpenLeases } from '../../../client/volunteer/open-leases.ts';
import { VolunteerControl } from '../../../client/volunteer/volunteer-control.ts';
import { evaluationTask, planTasks } from '../../../shared/plan/plan-tasks.ts';
import type { Lease, Task } from '../../../shared/protocol/lease.ts';
import { smallConfig } from '../federation/small-run.ts';

const { spec, model } = smallConfig();
const [training] = planTasks(spec, model, 1);
const judging = evaluationTask(spec, model, 1);
if (!training) throw new Error('a round has a task');

const leaseOf = (id: string, task: Task): Lease => ({
  ...{ id, token: 'token', task, round: 1, version: 0, split: 'train', parts: [0], examples: 10, seed: 1 },
  ...{ deadlineMs: 60_000, byteAllowance: 1_000, segments: {} },
});

test('a version ends the training leases whose updates can count no more, and no evaluator’s', () => {
  const open = new OpenLeases(new VolunteerControl());
  const [trains, judges] = [open.add(leaseOf('trains', training)), open.add(leaseOf('judges', judging))];
  expect(open.endStale(() => false)).toEqual([]);
  expect(open.endStale(() => true)).toEqual(['trains']);
  expect([isOver(trains), judges.aborted]).toEqual([true, false]);
  expect(
    open.endStale(() => true),
    'it has ended already',
  ).toEqual([]);
  open.endRun();
  expect(isOver(judges)).toBe(true);
});

test('a lease that was stopped is not over: the platform has to be told', () => {
  const control = new VolunteerControl();
  const open = new OpenLeases(control);
  const signal = open.add(leaseOf('stopped', training));
  control.pause();
  expect([signal.aborted, isOver(signal)]).toEqual([true, false]);
  expect(open.endStale(() => true)).toEqual([]);
  open.remove('stopped');
  expect(open.ids).toEqual([]);
});
