import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fits, needOf } from '../../../shared/federation/lease/device-fit.ts';
import { goalsOf } from '../../../shared/federation/round/round-state.ts';
import { fitsDevice } from '../../../shared/plan/cost/fit-task.ts';
import { planTasks } from '../../../shared/plan/plan-tasks.ts';
import { anyDevice, conventional, SmallRun, smallConfig, threeSegments } from './small-run.ts';

/** Fits the student's task of the small model only (`lease.test.ts`). */
const weakDevice = { ...anyDevice, memoryMB: 0.012 };
/** Fits nothing: the student's takes 3,660 bytes in the smallest batch. */
const uselessDevice = { ...anyDevice, memoryMB: 0.001 };

const referees = { evaluators: 'referees' } as const;

/** A weak volunteer and a strong one whose turn it is to be student. */
function weakAndStrong(): SmallRun {
  const run = SmallRun.open(0, { policy: referees });
  run.join('feeble', weakDevice);
  run.join('strong');
  return run;
}

describe('a device that one role alone fits', () => {
  it('[LEASE14] finds its place, for a stronger one is offered another even in its turn', () => {
    const run = weakAndStrong();
    expect(run.lease('strong').role).toBe('teacher');
    expect(run.lease('feeble').role).toBe('student');
  });

  it('[LEASE14] finds its place after the stronger one has served', () => {
    const run = weakAndStrong();
    run.accept(run.lease('strong'));
    expect(run.ask('strong')).toMatchObject({ type: 'wait', reason: 'others are finishing this round' });
    expect(run.lease('feeble').role).toBe('student');
  });

  it('[LEASE14] is waited for a second and a half if nobody is at work', () => {
    const run = weakAndStrong();
    run.accept(run.lease('strong'));
    run.ask('strong');
    expect(run.at(1_499).ask('strong').type).toBe('wait');
    expect(run.at(1).lease('strong').role).toBe('student');
  });

  it('[LEASE14] is waited for no longer if nobody has served either', () => {
    const plan = { name: 'layer-to-layer', teacherEpochs: 1 } as const;
    const run = SmallRun.open(0, { plan, policy: { ...referees, rounds: 'synchronous' } });
    run.join('feeble', weakDevice);
    // Of one epoch the teacher's task is the quicker one, and all that a device as slow as this can do in time.
    run.join('slow', { ...anyDevice, macsPerSecond: 400 });
    run.join('strong');
    expect(run.ask('strong').type).toBe('wait');
    expect(run.at(1_499).ask('strong').type).toBe('wait');
    expect(run.at(1).ask('strong').type).toBe('lease');
  });

  it('[LEASE14] finds its place in the round after an idle one too', () => {
    const run = SmallRun.open(0, { policy: { ...referees, overIssue: 1 } });
    run.join('strong');
    for (let i = 1; i <= 3; i++) run.join(`feeble${i}`, weakDevice);
    const leases = [run.lease('strong'), run.lease('feeble1'), run.lease('feeble2')];
    expect(leases.map(({ role }) => role)).toEqual(['teacher', 'student', 'student']);
    for (const lease of leases) run.accept(lease);
    run.ask('strong');
    run.at(3_000).ask('strong');
    expect(run.state.round.status).toBe('folding');
    for (const role of ['student', 'teacher'] as const) run.fold(role);
    expect(run.lease('strong').role).toBe('teacher');
  });

  it('[LEASE14] is waited for no more if it has not been heard of, or wastes its leases', () => {
    const gone = weakAndStrong();
    gone.at(200_000);
    expect(gone.lease('strong').role).toBe('student');
    const wasteful = weakAndStrong();
    for (let i = 0; i < 5; i++) wasteful.lease('feeble');
    expect(wasteful.ask('feeble').type).toBe('wait');
    expect(wasteful.lease('strong').role).toBe('student');
  });

  it('[LEASE14] leaves what it does not need to the others', () => {
    const run = SmallRun.open(0, { policy: { ...referees, updatesPerRound: 4 } });
    for (const name of ['feeble', 'strong1', 'strong2', 'strong3']) {
      run.join(name, name === 'feeble' ? weakDevice : anyDevice);
    }
    // Two places a role: strong1 and strong3 are students by turn, and only one of these may be.
    expect(run.lease('strong1').role).toBe('student');
    expect(run.lease('strong3').role).toBe('teacher');
    expect(run.lease('feeble').role).toBe('student');
  });

  it('[LEASE14] has no more than its share of a crowd kept for it', () => {
    const run = SmallRun.open(0, { policy: { ...referees, updatesPerRound: 8, overIssue: 1 } });
    for (let i = 0; i < 16; i++) run.join(`volunteer${i}`, i < 4 ? weakDevice : anyDevice);
    // Four of sixteen have two of eight updates. The round wants four students: two more may be anybody.
    const roles = [4, 6, 8, 10, 12].map(i => {
      const reply = run.ask(`volunteer${i + 1}`);
      return reply.type === 'lease' ? reply.lease.role : reply.type;
    });
    expect(roles).toEqual(['student', 'student', 'teacher', 'teacher', 'teacher']);
    expect(['volunteer0', 'volunteer1'].map(id => run.lease(id).role)).toEqual(['student', 'student']);
    expect(run.ask('volunteer2').type).toBe('wait');
  });

  it('[LEASE14] takes no place from its like: a round of one role is for whoever comes first', () => {
    const run = SmallRun.open(2, {
      plan: conventional,
      policy: { ...referees, updatesPerRound: 1, overIssue: 1 },
    });
    expect(run.lease('volunteer1').role).toBe('whole');
  });

  it('[LEASE13] is told that what is left does not fit it, if something of the run does', () => {
    const plan = { name: 'layer-to-layer', turns: 'alternate' } as const;
    const run = SmallRun.open(1, { plan, policy: { ...referees, updatesPerRound: 1 } });
    run.join('feeble', weakDevice);
    run.accept(run.lease('feeble'));
    run.fold('student');
    expect(run.ask('feeble')).toMatchObject({
      type: 'wait',
      retryAfterMs: 500,
      reason: 'no task that is left in this round fits this device',
    });
  });
});

describe('a device that nothing left of the run fits', () => {
  it('[LEASE15] is told what the lightest task needs and what it has, and to come back much later', () => {
    const run = SmallRun.open(1, { policy: referees });
    run.join('tiny', uselessDevice);
    expect(run.ask('tiny')).toEqual({
      type: 'wait',
      retryAfterMs: 300_000,
      wakeAfterMs: 0,
      reason:
        'this device has too little memory for the rest of this run: the lightest task needs about 0.0037 MB, and it has 0.001 MB',
    });
  });

  it('[LEASE15] is told if it is too slow', () => {
    const run = SmallRun.open(1, { policy: referees });
    run.join('slow', { ...anyDevice, macsPerSecond: 100 });
    expect(run.ask('slow')).toMatchObject({
      retryAfterMs: 300_000,
      reason:
        'this device is too slow for the rest of this run: its quickest task would take about 309 s, and a lease leaves at most 60 s',
    });
  });

  it('[LEASE15] is told once the last round is over that had a task for it', () => {
    const plan = { name: 'layer-to-layer', freezeAt: 0.5 } as const;
    const run = SmallRun.open(0, { plan, rounds: 2, policy: { ...referees, updatesPerRound: 1 } });
    run.join('feeble', weakDevice);
    run.join('strong');
    for (const name of ['feeble', 'strong']) run.accept(run.lease(name));
    expect(run.ask('feeble')).toMatchObject({ retryAfterMs: 500 });
    for (const role of ['student', 'teacher'] as const) run.fold(role);
    expect(run.ask('feeble')).toMatchObject({
      retryAfterMs: 300_000,
      reason: expect.stringContaining('for the rest of this run'),
    });
    expect(run.lease('strong').role).toBe('teacher');
  });

  it('[EVAL5] [LEASE15] evaluates all the same once the evaluation lags', () => {
    const run = SmallRun.open(1, { plan: conventional, policy: { updatesPerRound: 1 } });
    for (let round = 1; round <= 2; round++) {
      run.accept(run.lease('volunteer0'));
      run.fold('whole');
    }
    run.join('tiny', uselessDevice);
    expect(run.lease('tiny').role).toBe('evaluator');
  });

  it('[ROUND1] is not counted on: a round wants no more than others can do', () => {
    const run = SmallRun.open(1, { plan: conventional });
    for (let i = 0; i < 3; i++) run.join(`tiny${i}`, uselessDevice);
    run.lease('volunteer0');
    expect(goalsOf(run.state.round)).toEqual({ whole: 1 });
  });

  it('[LEASE12] keeps nobody from a second lease', () => {
    const run = SmallRun.open(1, { policy: { ...referees, overIssue: 1 } });
    run.join('tiny', uselessDevice);
    expect(run.ask('volunteer0')).toMatchObject({ type: 'lease', more: true });
  });
});

it('[LEASE13] fits a task by the machine if it does by the plan', () => {
  const device = fc.record({
    backend: fc.constant('wasm'),
    memoryMB: fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 0.02, noNaN: true })),
    macsPerSecond: fc.oneof(fc.constant(0), fc.integer({ min: 100, max: 2_000 })),
  });
  const config = smallConfig({}, threeSegments);
  const { spec, model } = config;
  const tasks = planTasks(spec, model, 1);
  const work = { batch: spec.training.batch, examples: 10, leaseMs: spec.policy.leaseMs };
  fc.assert(
    fc.property(device, given => {
      for (const task of tasks)
        expect(fits(config, needOf(config, task, 10), given)).toBe(fitsDevice(model, task, given, work));
    }),
  );
});
