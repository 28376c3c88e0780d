import { describe, expect, it } from 'vitest';
import { fitsDevice, fittingBatch, taskMacs, taskMemoryBytes } from '../../../shared/plan/fit-task.ts';
import type { Task } from '../../../shared/protocol/lease.ts';
import { anyDevice, smallModel } from '../federation/small-run.ts';

/** The small model: S 100 parameters, 1,000 MACs, 50 activations; A 7, 30, 5; T 1,000, 400, 20. */
const student: Task = {
  role: 'student',
  frozen: [],
  trains: ['segment-1', 'head-1'],
  head: 'head-1',
  labelWeight: 1,
  distil: null,
  epochs: 1,
  learningRate: 0.1,
};
const teacher: Task = {
  ...student,
  role: 'teacher',
  frozen: ['segment-1'],
  trains: ['segment-2'],
  head: null,
  epochs: 2,
};
const distil = { weight: 0.5, temperature: 2 };
const distilledStudent: Task = { ...student, distil: { ...distil, through: ['segment-2'] } };
const distilledTeacher: Task = { ...teacher, distil: { ...distil, through: ['head-1'] } };

describe('what a task takes of a device', () => {
  it.each([
    ['student', student, 12 * 107 + 10.8 * 10 * 55],
    ['student with a rival', distilledStudent, 12 * 107 + 10.8 * 10 * 55 + 4 * 1_000],
    ['teacher', teacher, 4 * 100 + 12 * 1_000 + 10.8 * 10 * 20],
    ['teacher with a rival', distilledTeacher, 4 * 100 + 12 * 1_000 + 10.8 * 10 * 20 + 4 * 7],
  ])(
    'a %s holds in memory what it trains thrice, what is frozen once, and a batch of activations 2.7 times',
    (_, task, bytes) => {
      expect(taskMemoryBytes(smallModel, task, 10)).toBeCloseTo(bytes, 6);
    },
  );

  it.each([
    ['student', student, 3 * 1_030],
    ['student of two epochs', { ...student, epochs: 2 }, 2 * 3 * 1_030],
    ['student with a rival', distilledStudent, 3 * 1_030 + 400],
    ['teacher', teacher, 1_000 + 2 * 3 * 400],
    ['teacher with a rival', distilledTeacher, 1_000 + 2 * (3 * 400 + 30)],
  ])(
    'a %s multiplies three passes an epoch, frozen features once, a rival once an epoch',
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

  it('memory does not make up for speed, nor speed for memory', () => {
    expect(fits({ macsPerSecond: 1, memoryMB: 1_000 })).toBe(false);
    expect(fits({ macsPerSecond: 1e12, memoryMB: 0.001 })).toBe(false);
  });
});
