import { describe, expect, it } from 'vitest';
import { taskMacs } from '../../../../shared/plan/cost/macs.ts';
import { planTasks } from '../../../../shared/plan/plan-tasks.ts';
import { planSpecSchema } from '../../../../shared/protocol/plan-spec.ts';
import { expectedMacs, specFor } from '../../../bench/learning/bench-spec.ts';
import { classesOf, describeDevices, readDevices } from '../../../bench/learning/devices/device-classes.ts';
import { hasRoom, memoriesOf } from '../../../bench/learning/devices/device-memory.ts';
import type { LearningFlags } from '../../../bench/learning/settings/learning-flags.ts';
import { readSettings, runsOf } from '../../../bench/learning/settings/settings.ts';
import { chainOutline } from '../../plan/outlines.ts';

const roomsOf = (text: string, volunteers: number) =>
  classesOf(readDevices(text, volunteers), volunteers).map(({ room }) =>
    room.kind === 'depth' ? room.depth : room.kind,
  );

describe('classes of devices', () => {
  it.each([
    ['0.5:1,0.5:whole', 8, [1, 'whole', 1, 'whole', 1, 'whole', 1, 'whole']],
    ['0.25:1,0.75:2', 4, [2, 1, 2, 2]],
    ['0.333:1,0.333:2,0.334:whole', 6, [1, 2, 'whole', 1, 2, 'whole']],
    ['1:60MB', 2, ['memory', 'memory']],
  ])('%s are spread evenly over %i volunteers, the same at any time', (text, volunteers, rooms) => {
    const found = roomsOf(text, volunteers);
    expect(found.toSorted()).toEqual(rooms.toSorted());
    expect(roomsOf(text, volunteers)).toEqual(found);
    if (text.startsWith('0.5')) expect(found).toEqual(rooms);
  });

  it('are told as they are read', () => {
    for (const text of ['0.5:1,0.5:whole', '0.25:60MB,0.75:400.5MB'])
      expect(describeDevices(readDevices(text, 8))).toBe(text);
  });

  it.each([
    ['', 'takes SHARE:ROOM'],
    ['0.5', 'takes SHARE:ROOM'],
    ['0.5:1:2,0.5:2', 'takes SHARE:ROOM'],
    [':1', 'takes SHARE:ROOM'],
    ['0:1,1:2', 'takes SHARE:ROOM'],
    ['-0.5:1,1.5:2', 'takes SHARE:ROOM'],
    ['1:0', 'takes SHARE:ROOM'],
    ['1:65', 'takes SHARE:ROOM'],
    ['1:0MB', 'takes SHARE:ROOM'],
    ['1:all', 'takes SHARE:ROOM'],
    ['0.5:1,0.6:2', "the shares in '0.5:1,0.6:2' add up to 1.1, not to 1"],
    ['0.5:1', 'add up to 0.5'],
    ['0.1:1,0.9:2', 'nobody of 4 volunteers is of the class 0.1:1'],
  ])('are refused with the reason: %s', (text, reason) => {
    expect(() => readDevices(text, 4)).toThrow(reason);
  });
});

describe('the memory of a class', () => {
  const outline = chainOutline(3);
  const runFor = (devices: string, flags: LearningFlags = {}) => {
    const crowd = { federated: true, own: true, volunteers: '4', match: 'rounds', devices } as const;
    const settings = readSettings(
      { models: 'cnn-tiny', plans: 'depth-federated', dataset: 'glyphs', ...crowd, ...flags },
      () => '',
    );
    const [run] = runsOf(settings);
    if (!run) throw new Error('no run');
    return run;
  };
  const glyphs = { shape: { height: 28, width: 28, channels: 1 } };
  const memories = (devices: string, flags: LearningFlags = {}, network = outline) => {
    const run = runFor(devices, flags);
    return memoriesOf(run, specFor(run, network, glyphs), network);
  };

  it('has room for its depth, and not for the next nor for the whole network without heads', () => {
    const spec = specFor(runFor('0.5:1,0.5:2'), outline, glyphs);
    const conventional = { ...spec, plan: planSpecSchema.parse({ name: 'conventional' }) };
    const [whole] = planTasks(conventional, outline, 1);
    const depths = planTasks(spec, outline, 1);
    for (const [place, memoryMB] of memories('0.5:1,0.5:2').slice(0, 2).entries()) {
      const fitting = depths.filter(task => hasRoom(task, memoryMB, spec, outline));
      expect(fitting).toEqual(depths.slice(0, place + 1));
      expect(whole && hasRoom(whole, memoryMB, spec, outline)).toBe(false);
    }
  });

  it('is without bound if it has room for the whole network', () => {
    expect(memories('0.5:3,0.5:whole')).toEqual([0, 0, 0, 0]);
  });

  it('is the same for every plan', () => {
    const shallow = memories('0.5:1,0.5:whole', { plans: 'student-alone' });
    expect(memories('0.5:1,0.5:whole', { plans: 'conventional' })).toEqual(shallow);
    expect(memories('0.5:1,0.5:whole')).toEqual(shallow);
  });

  it('is as told in MB', () => {
    expect(memories('0.5:60MB,0.5:400MB')).toEqual([60, 400, 60, 400]);
  });

  it.each([
    ['0.5:1,0.5:4', 'there is no depth 4 in a network of 3 segments'],
    ['0.5:0.000001MB,0.5:whole', 'nothing has room in 0.000001MB, the lightest task needs'],
  ])('is refused with the reason: %s', (devices, reason) => {
    expect(() => memories(devices)).toThrow(reason);
  });

  it('is refused if nothing separates a depth from what is deeper', () => {
    const flat = {
      ...outline,
      segments: outline.segments.map(one => ({ ...one, activations: 0, tensors: [] })),
    };
    expect(() => memories('0.5:1,0.5:whole', {}, flat)).toThrow('no memory separates depth 1');
  });

  it('decides what a run costs: each of those who have room does what it has room for', () => {
    const run = runFor('0.5:1,0.5:whole', { budget: '3' });
    const tasks = planTasks(specFor(run, outline, glyphs), outline, 1).map(task => taskMacs(outline, task));
    const [student = 0, , whole = 0] = tasks;
    expect(expectedMacs(run, outline, glyphs)).toBe(3 * run.leaseExamples * (2 * student + 2 * whole));
    const strong = runFor('0.5:1,0.5:whole', { budget: '3', plans: 'conventional' });
    const [plain = 0] = planTasks(specFor(strong, outline, glyphs), outline, 1).map(task =>
      taskMacs(outline, task),
    );
    expect(expectedMacs(strong, outline, glyphs)).toBe(3 * run.leaseExamples * 2 * plain);
  });

  it('leases each volunteer its own pictures if it has some', () => {
    expect(specFor(runFor('0.5:1,0.5:whole'), outline, glyphs).training.partsFor).toBe('volunteer');
    const shared = runFor('0.5:1,0.5:whole', { own: false });
    expect(specFor(shared, outline, glyphs).training.partsFor).toBe('anyone');
  });

  it('is refused if nobody has room for a plan', () => {
    const run = runFor('1:1', { plans: 'conventional' });
    expect(() => expectedMacs(run, outline, glyphs)).toThrow(
      'nobody has room for a task of conventional in round 1',
    );
  });
});

describe('a budget of rounds', () => {
  const roundsOf = (flags: LearningFlags) => {
    const [run] = runsOf(
      readSettings({ models: 'cnn-tiny', plans: 'conventional', match: 'rounds', ...flags }, () => ''),
    );
    return run && specFor(run, chainOutline(3), { shape: { height: 28, width: 28, channels: 1 } }).rounds;
  };

  it('is so many passes over the pictures, whatever a round costs', () => {
    expect(roundsOf({ examples: '1000', 'lease-examples': '100', budget: '2.5' })).toBe(25);
    const crowd = { federated: true, volunteers: '4' };
    expect(roundsOf({ ...crowd, examples: '1000', 'lease-examples': '50', budget: '6' })).toBe(30);
    expect(roundsOf({ ...crowd, own: true, examples: '999', budget: '30' })).toBe(30);
    expect(roundsOf({ ...crowd, own: true, examples: '1000', budget: '30', plans: 'depth-federated' })).toBe(
      30,
    );
  });

  it('is refused if it pays for none, or for more than a run has', () => {
    expect(() => roundsOf({ examples: '100', 'lease-examples': '500', budget: '1' })).toThrow(
      'does not pay for one round',
    );
    expect(() => roundsOf({ examples: '60000', 'lease-examples': '1', budget: '10' })).toThrow(
      'at most 10000',
    );
  });
});
