import { describe, expect, it } from 'vitest';
import { nextAlarm } from '../../../shared/federation/run-state.ts';
import { anyDevice, conventional, countedRight, SmallRun } from './small-run.ts';

/** Only one trains, so the referee judges. */
const oneARound = { updatesPerRound: 1, overIssue: 1, evaluators: 'referees' } as const;

type Change = ConstructorParameters<typeof SmallRun>[0];

/** `volunteer0` has trained version 1, and nobody has judged it. Then others come. */
function trainedRun(others: readonly string[] = [], change: Change = {}): SmallRun {
  const run = SmallRun.open(1, { plan: conventional, ...change });
  run.accept(run.lease('volunteer0'));
  run.fold('whole');
  expect(run.state.manifest.version).toBe(1);
  for (const one of others) run.join(one, anyDevice, one === 'referee');
  return run;
}

const goAway = (run: SmallRun, ...gone: string[]): void =>
  void run.step({ type: 'presence', here: [], gone });

function judge(run: SmallRun, volunteer: string): void {
  for (let i = 0; i < 4 && run.state.phase === 'open'; i++) run.accept(run.lease(volunteer));
}

describe('the end of a run', () => {
  it('[CLOSE1] [CLOSE3] a run that its host finishes has its last version judged first, by whoever is there', () => {
    const run = trainedRun();
    run.control('finish');
    expect(run.state).toMatchObject({ phase: 'open', closing: { why: 'host' } });
    judge(run, 'volunteer0');
    expect(run.last('version-evaluated')).toMatchObject({ version: 1, confirmed: false });
    expect(run.last('run-finished')).toEqual({ type: 'run-finished', why: 'host' });
  });

  it('[CLOSE1] finishes at once if nobody has trained it, or if its last version is judged', () => {
    const fresh = SmallRun.open(1, { plan: conventional });
    fresh.control('finish');
    expect(fresh.state.phase).toBe('finished');
    expect(fresh.has('run-closing')).toBe(false);
    const judged = trainedRun(['referee'], { policy: oneARound });
    const next = judged.lease('volunteer0');
    for (let i = 0; i < 8 && judged.state.evaluatedVersion !== 1; i++) judged.accept(judged.lease('referee'));
    judged.control('finish');
    expect(judged.last('run-finished')).toEqual({ type: 'run-finished', why: 'host' });
    expect(judged.state.leases.get(next.id)).toBeUndefined();
    expect(judged.has('run-closing')).toBe(false);
  });

  it('[CLOSE1] a paused run that its host finishes is open until its last version is judged', () => {
    const run = trainedRun();
    run.control('pause');
    run.control('finish');
    expect(run.state.phase).toBe('open');
    judge(run, 'volunteer0');
    expect(run.state.phase).toBe('finished');
  });

  it('[CLOSE1] closes if an older version has reached the target, and judges the newest one', () => {
    const run = trainedRun(['referee'], {
      ...{ rounds: 9, stopAtTarget: true, targetAccuracy: 0.8 },
      policy: oneARound,
    });
    const training = run.lease('volunteer0');
    for (let i = 0; i < 8 && run.state.evaluatedVersion !== 0; i++) run.accept(run.lease('referee'));
    const judging = run.lease('referee');
    expect([judging.role, judging.round]).toEqual(['evaluator', 1]);
    run.accept(training);
    run.fold('whole');
    run.lease('volunteer0');
    run.accept(judging, countedRight(judging, 9));
    for (let i = 0; i < 8 && !run.state.closing; i++) {
      const lease = run.lease('referee');
      run.accept(lease, countedRight(lease, 9));
    }
    expect(run.last('run-closing')?.why).toBe('target');
    expect(run.last('version-evaluated')?.version).toBe(1);
    for (let i = 0; i < 8 && run.state.phase === 'open'; i++) {
      const lease = run.lease('referee');
      expect([lease.role, lease.round]).toEqual(['evaluator', 2]);
      run.accept(lease, countedRight(lease, 7));
    }
    expect(run.last('version-evaluated')).toMatchObject({ version: 2, accuracy: 0.7 });
    expect(run.last('run-finished')).toEqual({ type: 'run-finished', why: 'target' });
  });

  it('[CLOSE2] leases no training while it closes, and takes no pause', () => {
    const run = trainedRun();
    const training = run.lease('volunteer0');
    expect(training.role).toBe('whole');
    run.control('finish');
    expect(run.events).toContainEqual(
      expect.objectContaining({ type: 'lease-ended', lease: training.id, why: 'the run comes to its end' }),
    );
    expect(run.lease('volunteer0').role).toBe('evaluator');
    expect(run.refusal({ type: 'control', action: 'pause' })).toBe('run-not-open');
    expect(run.refusal({ type: 'take-back', to: 0 })).toBe('run-not-open');
  });

  it('[CLOSE2] publishes what a round that has closed comes to, and judges that', () => {
    const run = SmallRun.open(1, { plan: conventional });
    run.accept(run.lease('volunteer0'));
    expect(run.state.round.status).toBe('folding');
    run.control('finish');
    expect(run.state).toMatchObject({ phase: 'open', evaluation: null });
    run.fold('whole');
    expect(run.state).toMatchObject({ manifest: { version: 1 }, round: { status: 'over', number: 1 } });
    judge(run, 'volunteer0');
    expect(run.last('version-evaluated')?.version).toBe(1);
    expect(run.last('run-finished')).toEqual({ type: 'run-finished', why: 'host' });
  });

  it('[CLOSE2] finishes as it is if that cannot be folded', () => {
    const run = trainedRun();
    run.accept(run.lease('volunteer0'));
    run.control('finish');
    const { number } = run.state.round;
    for (let i = 0; i < 6; i++)
      run.at(400_000).step({ type: 'fold-tried', role: 'whole', round: number, failure: 'no room' });
    expect(run.has('run-paused')).toBe(false);
    expect(run.state.manifest.version).toBe(1);
    expect(run.state.phase === 'finished' || run.state.round.status === 'over').toBe(true);
  });

  it('[CLOSE2] judges the newest version at once if the run had paused itself over a round that cannot be folded', () => {
    const run = trainedRun();
    run.accept(run.lease('volunteer0'));
    const { number } = run.state.round;
    for (let i = 0; i < 6; i++)
      run.at(400_000).step({ type: 'fold-tried', role: 'whole', round: number, failure: 'no room' });
    expect(run.last('run-paused')?.why).toBe('fold-failed');
    run.step({ type: 'presence', here: ['volunteer0'], gone: [] });
    run.control('finish');
    expect(run.state).toMatchObject({ phase: 'open', round: { status: 'over', number } });
    judge(run, 'volunteer0');
    expect(run.last('version-evaluated')?.version).toBe(1);
    expect(run.last('run-finished')).toEqual({ type: 'run-finished', why: 'host' });
  });

  it('[CLOSE2] judges what a run returned to, if it was being taken back', () => {
    const run = trainedRun();
    const kept = run.state.manifest;
    run.step({ type: 'take-back', to: 1 });
    run.control('finish');
    expect(run.state).toMatchObject({ phase: 'open', round: { status: 'returning' } });
    run.step({ type: 'returned', round: run.state.round.number, manifest: kept });
    expect(run.state).toMatchObject({ manifest: { version: 2 }, round: { status: 'over' } });
    judge(run, 'volunteer0');
    expect(run.last('version-evaluated')?.version).toBe(2);
    expect(run.state.phase).toBe('finished');
  });

  it('[CLOSE3] lets one volunteer judge it all if the others are here and rest', () => {
    const run = trainedRun(['volunteer1']);
    run.helped('volunteer1');
    run.control('finish');
    run.accept(run.lease('volunteer0'));
    expect(run.ask('volunteer0').type).toBe('wait');
    run.at(10_000);
    judge(run, 'volunteer0');
    expect(run.state.phase).toBe('finished');
    expect(run.last('run-finished')).not.toHaveProperty('untested');
  });

  it('[CLOSE4] says that nobody has tested it, at once if nobody is here when its host finishes it', () => {
    const run = trainedRun();
    goAway(run, 'volunteer0');
    run.control('finish');
    expect(run.last('run-finished')).toEqual({ type: 'run-finished', why: 'host', untested: true });
  });

  it('[CLOSE4] waits for ten seconds if the last one leaves, and for whoever comes back', () => {
    const run = trainedRun();
    run.control('finish');
    goAway(run, 'volunteer0');
    run.at(9_999).alarm();
    expect(run.state.phase).toBe('open');
    run.step({ type: 'presence', here: ['volunteer0'], gone: [] });
    run.at(5_000).alarm();
    expect(run.state.phase).toBe('open');
    goAway(run, 'volunteer0');
    expect(nextAlarm(run.state)).toBe(run.now + 10_000);
    run.at(10_000).alarm();
    expect(run.last('run-finished')).toEqual({ type: 'run-finished', why: 'host', untested: true });
  });

  it('[CLOSE4] waits no longer than three leases for those who are here and do nothing', () => {
    const run = trainedRun(['volunteer1']);
    run.control('finish');
    const { leaseMs } = run.config.spec.policy;
    run.at(leaseMs).accept(run.lease('volunteer0'));
    for (let i = 0; i < 3; i++) {
      expect(run.state.phase).toBe('open');
      run.at(leaseMs).step({ type: 'presence', here: ['volunteer1'], gone: [] });
    }
    expect(run.last('run-finished')).toEqual({ type: 'run-finished', why: 'host', untested: true });
  });

  it('[CLOSE4] waits for ten minutes after its last round, also if everybody has left', () => {
    const run = trainedRun([], { rounds: 1, policy: { leaseMs: 30_000 } });
    expect(run.last('run-closing')?.why).toBe('rounds');
    goAway(run, 'volunteer0');
    run.at(599_999).alarm();
    expect(run.state.phase).toBe('open');
    run.at(1).alarm();
    expect(run.last('run-finished')).toEqual({ type: 'run-finished', why: 'rounds', untested: true });
  });

  it('[CLOSE4] is due later by as much as the clock was set back', () => {
    const run = trainedRun([], { rounds: 1 });
    run.at(-86_400_000).alarm();
    expect(nextAlarm(run.state)).toBe(run.now + 600_000);
  });

  it('[CLOSE5] goes on closing if its host finishes it once more, and its last version is judged', () => {
    const run = trainedRun();
    run.control('finish');
    const closing = run.state;
    run.control('finish');
    expect(run.state).toEqual(closing);
    judge(run, 'volunteer0');
    expect(run.last('run-finished')).toEqual({ type: 'run-finished', why: 'host' });
  });

  it('[CLOSE5] finishes at once if its host waits for no test, also if it does not close yet', () => {
    for (const before of [['finish'], []] as const) {
      const run = trainedRun();
      for (const action of before) run.control(action);
      run.control('finish-now');
      expect(run.state.phase).toBe('finished');
      expect(run.last('run-finished')).toEqual({ type: 'run-finished', why: 'host', untested: true });
    }
  });

  it('[CLOSE5] that is finished without the test of its last version is known by no older version', () => {
    const run = trainedRun(['referee'], { policy: oneARound });
    const next = run.lease('volunteer0');
    for (let i = 0; i < 8 && run.state.evaluatedVersion !== 1; i++) run.accept(run.lease('referee'));
    run.accept(next);
    run.fold('whole');
    run.control('finish-now');
    expect(run.last('version-evaluated')?.version).toBe(1);
    expect(run.last('run-finished')).toEqual({ type: 'run-finished', why: 'host', untested: true });
  });
});
