import { describe, expect, it } from 'vitest';
import { acceptedEntry, anyDevice, conventional, SmallRun } from './small-run.ts';

/** Only the referee evaluates; nobody trains, for want of a second volunteer. */
function refereed(): SmallRun {
  const run = SmallRun.open(0, { policy: { evaluators: 'referees', minVolunteers: 9 } });
  run.join('referee', anyDevice, true);
  run.join('referee2', anyDevice, true);
  return run;
}

function trainRound(run: SmallRun, volunteer: string): void {
  const lease = run.lease(volunteer);
  expect(lease.role).toBe('whole');
  run.accept(lease);
  run.fold('whole');
}

describe('evaluation', () => {
  it('[EVAL3] of version 0 is there from the opening on, half the test parts a lease', () => {
    const run = refereed();
    expect(run.lease('referee')).toMatchObject({ role: 'evaluator', round: 0, parts: [0, 1], examples: 20 });
    expect(run.lease('referee2').parts).toEqual([2, 3]);
    run.join('referee3', anyDevice, true);
    expect(run.ask('referee3').type).toBe('wait');
  });

  it.each(['release', 'refuse', 'expire', 'ask again'] as const)(
    '[EVAL3] parts come back if their lease ends by: %s',
    how => {
      const run = refereed();
      run.join('referee3', anyDevice, true);
      const lease = run.lease('referee');
      run.lease('referee2');
      expect(run.ask('referee3').type).toBe('wait');
      if (how === 'release')
        run.step({ type: 'release', volunteer: 'referee', lease: lease.id, reason: 'tired' });
      if (how === 'refuse') run.refuse(lease, 'bad-metrics');
      if (how === 'expire') run.at(run.config.spec.policy.leaseMs).alarm();
      if (how === 'ask again') run.control('pause');
      if (how === 'ask again') run.ask('referee');
      if (how === 'ask again') run.control('resume');
      expect(run.lease('referee3').parts).toEqual([0, 1]);
    },
  );

  it('[EVAL6] a volunteer that asks again and again does not keep the parts from others', () => {
    const run = refereed();
    const first = run.lease('referee');
    run.accept(run.lease('referee2'));
    run.at(run.config.spec.policy.leaseMs - 1);
    expect(run.lease('referee')).toMatchObject({ parts: first.parts, deadlineAt: first.deadlineAt });
    run.at(1).alarm();
    expect(run.lease('referee2').parts).toEqual(first.parts);
  });

  it('[EVAL6] a volunteer that asks again for a pair keeps the deadline of each', () => {
    const policy = { leaseMs: 100_000, roundMs: 600_000 };
    const run = SmallRun.open(1, { plan: conventional, rounds: 1, policy });
    trainRound(run, 'volunteer0');
    const first = run.lease('volunteer0');
    const second = run.at(60_000).lease('volunteer0', first);
    const again = run.at(30_000).lease('volunteer0');
    expect(again).toMatchObject({ parts: first.parts, deadlineAt: first.deadlineAt });
    const beside = run.lease('volunteer0', again);
    expect(beside).toMatchObject({ parts: second.parts, deadlineAt: second.deadlineAt });
  });

  it('[EVAL6] gives parts that another one dropped all the time of a lease', () => {
    const run = refereed();
    const dropped = run.lease('referee');
    run.at(1_000).control('pause');
    run.ask('referee');
    run.control('resume');
    run.lease('referee2');
    const { parts, deadlineAt } = run.lease('referee2');
    expect([parts, deadlineAt]).toEqual([dropped.parts, run.now + run.config.spec.policy.leaseMs]);
  });

  it('[PUB3] goes on when a round closes and its version comes out', () => {
    const policy = { evaluators: 'referees', updatesPerRound: 1 } as const;
    const run = SmallRun.open(1, { plan: conventional, policy });
    run.join('referee', { ...anyDevice, memoryMB: 0.001 }, true);
    const lease = run.lease('referee');
    trainRound(run, 'volunteer0');
    expect(run.state.manifest.version).toBe(1);
    expect([...run.state.leases.values()].map(({ id }) => id)).toEqual([lease.id]);
  });

  it('[EVAL5] is left to referees if the policy says so', () => {
    const run = refereed();
    run.join('volunteer0');
    expect(run.ask('volunteer0').type).toBe('wait');
    expect(run.ask('referee').type).toBe('lease');
  });

  it('[EVAL5] is for volunteers who hold the version whole from what they trained', () => {
    const run = SmallRun.open(2);
    const [teacher, student] = [run.lease('volunteer0'), run.lease('volunteer1')];
    expect([teacher.role, student.role]).toEqual(['teacher', 'student']);
    expect(Array.from(run.state.volunteers.values(), ({ holds }) => holds).slice(0, 2)).toEqual([0, null]);
    run.control('pause');
    run.control('resume');
    run.accept(teacher);
    run.refuse(student);
    run.join('newcomer', { ...anyDevice, memoryMB: 0.001 });
    expect(run.ask('newcomer').type).toBe('wait');
    expect(run.state.evaluation?.manifest.version).toBe(0);
  });

  it('[EVAL1] [EVAL5] is of what has joined, and for volunteers who were given all of that', () => {
    const plan = { name: 'growing-together', growAt: 0.5 } as const;
    const run = SmallRun.open(1, { plan, rounds: 4, policy: { updatesPerRound: 1 } });
    const lease = run.lease('volunteer0');
    expect([lease.role, run.state.volunteers.get('volunteer0')?.holds]).toEqual(['student', 0]);
    run.control('pause');
    run.control('resume');
    run.accept(lease);
    const evaluation = run.ask('volunteer0');
    if (evaluation.type !== 'lease') throw new Error(evaluation.type);
    expect(evaluation.task).toMatchObject({
      role: 'evaluator',
      path: ['segment-1'],
      exits: [{ after: 'segment-1', through: ['head-1'] }],
    });
  });

  it('[EVAL5] is not for volunteers who were given the body without the head by which the version is judged', () => {
    // No head learns, and none distils: version 2 is judged by the first segment's, though the round after trains all.
    const plan = { name: 'growing-together', growAt: 0.5, lambda: 0, beta: 0 } as const;
    const run = SmallRun.open(1, { plan, rounds: 4, policy: { updatesPerRound: 1 } });
    for (let round = 1; round <= 2; round++) {
      run.accept(run.lease('volunteer0'));
      run.fold('student');
    }
    for (let part = 0; part < 2; part++) run.accept(run.lease('volunteer0'));
    expect(run.lease('volunteer0').role).toBe('whole');
    expect(run.state.evaluation?.manifest.version).toBe(2);
    expect(run.state.volunteers.get('volunteer0')?.holds).toBe(1);
  });

  it('[EVAL5] is for anyone once it lags two versions behind, and comes first then if nobody is at it [LEASE6]', () => {
    const run = SmallRun.open(1, { plan: conventional, policy: { updatesPerRound: 1 } });
    trainRound(run, 'volunteer0');
    run.join('newcomer', { ...anyDevice, memoryMB: 0.001 });
    expect(run.ask('newcomer').type).toBe('wait');
    trainRound(run, 'volunteer0');
    const first = run.lease('newcomer');
    expect(first).toMatchObject({ role: 'evaluator', round: 0 });
    expect(run.lease('volunteer0')).toMatchObject({ role: 'whole', round: 3 });
    run.accept(first);
    expect(run.lease('volunteer0')).toMatchObject({ role: 'evaluator', round: 0 });
  });

  it('[EVAL5] lags later if many leases bring nothing', () => {
    const run = SmallRun.open(1, { plan: conventional, rounds: 9, policy: { updatesPerRound: 1 } });
    run.join('newcomer', { ...anyDevice, memoryMB: 0.001 });
    const askNewcomer = (): string => run.ask('newcomer').type;
    // Some six of sixteen leases return something, so an update takes between two and three leases.
    while (run.state.returnRate > 0.4) {
      run.lease('volunteer0');
      run.step({ type: 'presence', here: [], gone: ['volunteer0'] });
      run.at(30_000);
    }
    const replies = [1, 2, 3].map(() => {
      trainRound(run, 'volunteer0');
      return askNewcomer();
    });
    expect(replies).toEqual(['wait', 'wait', 'lease']);
  });

  it('[EVAL4] gives nobody a second lease of a version before everybody who is there had one', () => {
    const run = SmallRun.open(2, { plan: conventional, policy: { updatesPerRound: 2 }, rounds: 1 });
    for (const volunteer of ['volunteer0', 'volunteer1']) run.accept(run.lease(volunteer));
    run.fold('whole');
    const first = run.lease('volunteer0');
    expect(first.role).toBe('evaluator');
    run.accept(first);
    expect(run.ask('volunteer0').type).toBe('wait');
    expect(run.lease('volunteer1').role).toBe('evaluator');
  });

  it('[EVAL4] lets one evaluate it all once nobody else is heard of', () => {
    const run = SmallRun.open(2, { plan: conventional, policy: { updatesPerRound: 2 }, rounds: 1 });
    for (const volunteer of ['volunteer0', 'volunteer1']) run.accept(run.lease(volunteer));
    run.fold('whole');
    run.accept(run.lease('volunteer0'));
    expect(run.at(200_000).lease('volunteer0').role).toBe('evaluator');
  });

  it('[EVAL3] leases no more test parts than a slow device can do in time', () => {
    const slow = { ...anyDevice, macsPerSecond: 40 };
    const run = SmallRun.open(0, { plan: conventional, rounds: 1, policy: { evaluators: 'referees' } });
    run.join('slow', slow, true);
    expect(run.lease('slow').parts).toHaveLength(1);
  });

  it('[EVAL2] gives the verdict when every part is counted, over all examples', () => {
    const run = refereed();
    const [first, second] = [run.lease('referee'), run.lease('referee2')];
    run.accept(first, { examples: 20, correct: 20, lossSum: 10, downloadBytes: 0, backend: 'wasm' });
    expect(run.has('version-evaluated')).toBe(false);
    run.accept(second, { examples: 20, correct: 10, lossSum: 50, downloadBytes: 0, backend: 'wasm' });
    expect(run.last('version-evaluated')).toEqual({
      type: 'version-evaluated',
      version: 0,
      examples: 40,
      accuracy: 0.75,
      loss: 1.5,
    });
    expect(run.state).toMatchObject({ evaluation: null, evaluatedVersion: 0 });
  });

  it('[EVAL2] the newest version is next; versions between are passed over', () => {
    const run = SmallRun.open(1, { plan: conventional, rounds: 9 });
    trainRound(run, 'volunteer0');
    trainRound(run, 'volunteer0');
    for (let i = 0; i < 2; i++) run.accept(run.lease('volunteer0'));
    expect(run.last('version-evaluated')?.version).toBe(0);
    expect(run.state.evaluation?.manifest.version).toBe(2);
  });

  it('[REP1] an update whose lease has ended does not count: its parts are with somebody else', () => {
    const run = refereed();
    const lease = run.lease('referee');
    run.at(run.config.spec.policy.leaseMs).alarm();
    run.accept(lease);
    expect(run.state.evaluation).toMatchObject({ judgements: [] });
    expect(run.lease('referee2').parts).toEqual(lease.parts);
    expect(run.last('update-accepted')).toMatchObject({ lease: lease.id, role: 'evaluator' });
  });

  it('[REP2] an update told twice counts once', () => {
    const run = refereed();
    const lease = run.lease('referee');
    const entries = [acceptedEntry(lease), acceptedEntry(lease)];
    run.step({ type: 'report', role: 'evaluator', entries });
    expect(run.state.evaluation?.judgements).toMatchObject([{ volunteer: 'referee', parts: lease.parts }]);
  });
});
