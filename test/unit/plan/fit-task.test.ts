import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsDevice, fittingBatch, fits as isFitting } from '../../../shared/plan/cost/fit-task.ts';
import { taskMacs } from '../../../shared/plan/cost/macs.ts';
import { taskMemoryBytes } from '../../../shared/plan/cost/memory.ts';
import type { Distil, Task, TrainedExit } from '../../../shared/protocol/lease.ts';
import { anyDevice, smallModel } from '../federation/small-run.ts';

const schedule = { rate: 0.1, from: 0, to: 0.1, ends: {} };
const exit = (after: string, through: string[] = [], distils: Distil[] = []): TrainedExit => ({
  after,
  through,
  labelWeight: 1,
  distils,
});
const from = (after: string, through: string[] = []): Distil => ({
  distilFrom: { after, through },
  weight: 0.5,
  temperature: 2,
  gated: true,
});

/** The small model: S 100 parameters, 1,000 MACs, 50 activations; A 7, 30, 5; T 1,000, 400, 20. */
const student: Task = {
  role: 'student',
  frozen: [],
  views: 1,
  path: ['segment-1'],
  isolated: false,
  exits: [exit('segment-1', ['head-1'])],
  trains: ['segment-1', 'head-1'],
  epochs: 1,
  schedule,
};
const teacher: Task = {
  ...student,
  role: 'teacher',
  frozen: ['segment-1'],
  path: ['segment-2'],
  exits: [exit('segment-2')],
  trains: ['segment-2'],
  epochs: 2,
};
const whole: Task = {
  ...student,
  role: 'whole',
  path: ['segment-1', 'segment-2'],
  exits: [exit('segment-2')],
  trains: ['segment-1', 'segment-2'],
};
const distilledStudent: Task = {
  ...student,
  exits: [exit('segment-1', ['head-1'], [from('segment-1', ['segment-2'])])],
};
const distilledTeacher: Task = {
  ...teacher,
  exits: [exit('segment-2', [], [from('segment-1', ['head-1'])])],
};
const throughTeacher: Task = { ...whole, role: 'student', trains: ['segment-1'] };
const jointly: Task = {
  ...whole,
  exits: [exit('segment-1', ['head-1'], [from('segment-2')]), exit('segment-2')],
  trains: [...whole.trains, 'head-1'],
};
const isolated: Task = { ...jointly, isolated: true };

describe('what a task takes of a device', () => {
  it.each([
    ['student', student, 12 * 107 + 10.8 * 10 * 55],
    ['student with a distilled exit', distilledStudent, 12 * 107 + 10.8 * 10 * 55 + 4 * 1_000],
    ['teacher', teacher, 4 * 100 + 12 * 1_000 + 10.8 * 10 * 20],
    ['teacher with a distilled exit', distilledTeacher, 4 * 100 + 12 * 1_000 + 10.8 * 10 * 20 + 4 * 7],
    ['whole', whole, 12 * 1_100 + 10.8 * 10 * 70],
    ['student through the teacher', throughTeacher, 12 * 100 + 4 * 1_000 + 10.8 * 10 * 70],
    ['whole with a head', jointly, 12 * 1_107 + 10.8 * 10 * 75],
    ['whole in isolated pieces, one at a time,', isolated, 12 * 1_107 + 10.8 * 10 * 55],
  ])(
    'a %s holds in memory what it trains thrice, what is frozen once, and a batch of activations 2.7 times',
    (_, task, bytes) => {
      expect(taskMemoryBytes(smallModel, task, 10)).toBeCloseTo(bytes, 6);
    },
  );

  it.each([
    ['student', student, 3 * 1_030],
    ['student of two epochs', { ...student, epochs: 2 }, 2 * 3 * 1_030],
    ['student with a distilled exit', distilledStudent, 3 * 1_030 + 400],
    ['teacher', teacher, 1_000 + 2 * 3 * 400],
    ['teacher with a distilled exit', distilledTeacher, 1_000 + 2 * (3 * 400 + 30)],
    ['teacher of three views', { ...teacher, views: 3 }, 3 * 1_000 + 2 * 3 * 400],
    ['whole', whole, 3 * 1_400],
    ['student through the teacher', throughTeacher, 3 * 1_000 + 2 * 400],
    ['whole with a head, whose distilled exit is an exit too,', jointly, 3 * 1_430],
    ['whole in isolated pieces', isolated, 3 * 1_430],
  ])(
    'a %s multiplies three passes an epoch, two where it only passes gradients on, features once a view, a distilled exit once an epoch',
    (_, task, macs) => {
      expect(taskMacs(smallModel, task)).toBe(macs);
    },
  );
});

describe('whether a task fits a device', () => {
  const work = { batch: 10, examples: 100, leaseMs: 2_000 };
  const fits = (change: Partial<typeof anyDevice>, task = teacher): boolean =>
    fitsDevice(smallModel, task, { ...anyDevice, ...change }, work);

  it('what a device did not say does not count against it', () => {
    expect(fits({})).toBe(true);
  });

  it('its memory holds all of it with the smallest part of a batch, to the byte', () => {
    expect(fits({ memoryMB: 0.013264 })).toBe(true);
    expect(fits({ memoryMB: 0.013263 })).toBe(false);
    expect(fits({ memoryMB: 0.013263 }, student)).toBe(true);
  });

  it.each([
    ['that says nothing holds the whole batch', 0, 10],
    ['that just holds the whole batch', 0.01456, 10],
    ['a byte short of it holds half', 0.014559, 5],
    ['a byte short of half holds no less than four', 0.013479, 4],
    ['a byte short of four holds none', 0.013263, 0],
  ])('a device %s', (_, memoryMB, batch) => {
    expect(fittingBatch(smallModel, teacher, 10, memoryMB)).toBe(batch);
  });

  it('its speed does it within half the lease', () => {
    expect(fits({ macsPerSecond: 340_000 })).toBe(true);
    expect(fits({ macsPerSecond: 339_999 })).toBe(false);
  });

  it('a device that takes exactly half the lease is let in, whatever the figures, and one a single step slower is not', () => {
    const device = (macsPerSecond: number) => ({ ...anyDevice, macsPerSecond });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 1_000, max: 3_600_000 }),
        (speed, ms) => {
          expect(isFitting({ bytes: 0, macs: speed * ms }, device(2_000 * speed), ms)).toBe(true);
          expect(isFitting({ bytes: 0, macs: speed * ms + 1 }, device(2_000 * speed), ms)).toBe(false);
        },
      ),
    );
  });

  it('memory does not make up for speed, nor speed for memory', () => {
    expect(fits({ macsPerSecond: 1, memoryMB: 1_000 })).toBe(false);
    expect(fits({ macsPerSecond: 1e12, memoryMB: 0.001 })).toBe(false);
  });
});
