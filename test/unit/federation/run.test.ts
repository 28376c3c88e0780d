import { describe, expect, it } from 'vitest';
import type { RunState } from '../../../shared/federation/run-state.ts';
import { type ControlAction, controlActions } from '../../../shared/protocol/messages.ts';
import { anyDevice, conventional, SmallRun } from './small-run.ts';

const reach: Readonly<Record<RunState['phase'], readonly ControlAction[]>> = {
  draft: [],
  open: ['open'],
  paused: ['open', 'pause'],
  finished: ['finish'],
};

describe('a run', () => {
  it.each([
    ['draft', { open: 'open', finish: 'finished', 'finish-now': 'finished' }],
    ['open', { pause: 'paused', finish: 'finished', 'finish-now': 'finished' }],
    ['paused', { resume: 'open', finish: 'finished', 'finish-now': 'finished' }],
    ['finished', {}],
  ] as const)('[RUN2] that is %s may become %o and nothing else', (phase, allowed) => {
    for (const action of controlActions) {
      const run = new SmallRun();
      for (const step of reach[phase]) run.control(step);
      const refusal = run.refusal({ type: 'control', action });
      expect(refusal, action).toBe(action in allowed ? null : 'run-not-open');
      if (refusal === null) run.control(action);
      expect(run.state.phase, action).toBe({ ...allowed }[action as never] ?? phase);
    }
  });

  it('[RUN3] takes volunteers until it has finished, each with the next index', () => {
    const run = new SmallRun();
    run.join('volunteer0');
    run.control('open');
    run.join('volunteer1', anyDevice, true);
    run.control('pause');
    run.join('volunteer2');
    expect(
      [...run.state.volunteers.values()].map(({ id, identity }) => [id, identity.index, identity.referee]),
    ).toEqual([
      ['volunteer0', 0, false],
      ['volunteer1', 1, true],
      ['volunteer2', 2, false],
    ]);
    run.control('finish');
    const late = {
      type: 'join',
      volunteer: 'volunteer3',
      name: 'late',
      device: anyDevice,
      referee: false,
    } as const;
    expect(run.refusal(late)).toBe('run-not-open');
  });

  it('[RUN4] a pause takes the updates of leases in hand, and publishes', () => {
    const run = SmallRun.open(1, { plan: conventional });
    const lease = run.lease('volunteer0');
    run.control('pause');
    run.accept(lease);
    run.fold('whole');
    expect(run.state).toMatchObject({ phase: 'paused', round: { number: 2 }, manifest: { version: 1 } });
  });

  it('[RUN4] deadlines pass in a pause', () => {
    const run = SmallRun.open(2, { plan: conventional });
    run.accept(run.lease('volunteer0'));
    run.control('pause');
    run.at(run.config.spec.policy.roundMs).alarm();
    expect(run.state.round.status).toBe('folding');
  });

  it('[RUN5] finishes with the judgement of its last version', () => {
    const run = SmallRun.open(1, { plan: conventional, rounds: 1 });
    run.accept(run.lease('volunteer0'));
    run.fold('whole');
    for (let i = 0; i < 4; i++) {
      expect(run.state.phase).toBe('open');
      run.accept(run.lease('volunteer0'));
    }
    expect(run.last('version-evaluated')).toMatchObject({ version: 1, examples: 40, accuracy: 0.5 });
    expect(run.last('run-finished')).toEqual({ type: 'run-finished', why: 'rounds' });
    const { phase, leases, evaluation } = run.state;
    expect([phase, leases.size, evaluation]).toEqual(['finished', 0, null]);
  });

  it.each([
    [0.5, true, 'finished'],
    [0.51, true, 'open'],
    [0.5, false, 'open'],
  ])(
    '[RUN5] with a target of %d and stopping %s a version of 0.5 leaves it %s',
    (targetAccuracy, stopAtTarget, phase) => {
      const run = SmallRun.open(0, {
        targetAccuracy,
        stopAtTarget,
        policy: { evaluators: 'referees', minVolunteers: 2 },
      });
      run.join('referee', anyDevice, true);
      for (let i = 0; i < 2; i++) run.accept(run.lease('referee'));
      expect(run.state.phase).toBe(phase);
      expect(run.has('run-finished')).toBe(phase === 'finished');
    },
  );

  it.each([
    [{ name: 'growing-together', growAt: 0.5 }, 'open'],
    [{ name: 'growing-together', growAt: 0 }, 'finished'],
    [{ name: 'student-alone' }, 'finished'],
  ] as const)('[RUN5] of the plan %o whose version 0 reaches the target is %s after it', (plan, phase) => {
    const policy = { evaluators: 'referees', minVolunteers: 2 } as const;
    const run = SmallRun.open(0, { plan, targetAccuracy: 0.5, stopAtTarget: true, policy });
    run.join('referee', anyDevice, true);
    for (let i = 0; i < 2; i++) run.accept(run.lease('referee'));
    expect(run.last('version-evaluated')).toMatchObject({ version: 0, accuracy: 0.5 });
    expect(run.state.phase).toBe(phase);
  });

  it('a refused input changes nothing, not even what is overdue', () => {
    const run = SmallRun.open(1);
    run.lease('volunteer0');
    run.at(10 * run.config.spec.policy.leaseMs);
    const before = run.state;
    expect(run.refusal({ type: 'control', action: 'open' })).toBe('run-not-open');
    expect(run.state).toBe(before);
  });
});
