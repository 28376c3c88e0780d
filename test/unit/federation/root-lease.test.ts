import { describe, expect, it } from 'vitest';
import type { LeaseReply } from '../../../shared/federation/lease/grant-lease.ts';
import type { LeaseState } from '../../../shared/federation/lease/lease-state.ts';
import { roundPolicyOf } from '../../../shared/federation/round/round-policy.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { acceptedEntry, anyDevice, conventional, SmallRun } from './small-run.ts';

const fltrust = {
  aggregation: 'fltrust',
  root: { parts: 1 },
  plan: conventional,
  policy: { updatesPerRound: 2, evaluators: 'referees' },
} as const;

/** An open run with a referee and so many volunteers. */
function openRun(volunteers = 2, change: Partial<RunSpecInput> = {}): SmallRun {
  const run = SmallRun.open(volunteers, { ...fltrust, ...change });
  run.join('referee', anyDevice, true);
  return run;
}

/** The referee's update is accepted. */
function sendRoot(run: SmallRun, lease: LeaseState): void {
  run.step({ type: 'report', role: lease.role, entries: [{ ...acceptedEntry(lease), root: true }] });
}

describe('[ROOT4] a root lease', () => {
  it('is on the root set, marked in the ledger, and takes no place', () => {
    const run = openRun();
    const root = run.lease('referee');
    expect(root).toMatchObject({ role: 'whole', round: 1, parts: [3], root: true });
    expect(run.last('lease-granted')).toMatchObject({ lease: root.id, root: true });
    expect(run.last('round-opened')).toMatchObject({ goals: { whole: 2 } });
    expect(['volunteer0', 'volunteer1'].map(who => run.lease(who).parts)).toEqual([[0], [1]]);
  });

  it('is for referees, and for one of them at a time', () => {
    const run = openRun(1);
    run.join('other', anyDevice, true);
    expect(run.lease('volunteer0').root).toBeUndefined();
    run.lease('referee');
    expect(run.lease('other').root).toBeUndefined();
  });

  it('comes once for each role, before any other training', () => {
    const run = openRun(4, { plan: { name: 'layer-to-layer' }, policy: { updatesPerRound: 4 } });
    const student = run.lease('referee');
    const teacher = run.lease('referee', student);
    expect([student, teacher].map(({ role, root }) => [role, root])).toEqual([
      ['student', true],
      ['teacher', true],
    ]);
    for (const root of [student, teacher]) sendRoot(run, root);
    expect(run.lease('referee').role, 'no other lease of these roles').toBe('evaluator');
  });

  it('is none if only referees are here: they train as others do, and no round waits', () => {
    const run = openRun(0, { policy: { updatesPerRound: 4 } });
    const lease = run.lease('referee');
    expect(lease).toMatchObject({ role: 'whole', parts: [0] });
    expect(lease.root).toBeUndefined();
    run.accept(lease);
    expect(run.state.round.status).toBe('folding');
    run.join('volunteer', anyDevice);
    run.fold('whole');
    expect(run.lease('referee').root).toBe(true);
  });

  it('is no serving: its referee trains once more if nobody else is left, and then the round closes', () => {
    const run = openRun(1);
    run.lease('volunteer0');
    sendRoot(run, run.lease('referee'));
    expect(run.lease('referee').role, 'training is left to the volunteer').toBe('evaluator');
    run.step({ type: 'presence', here: [], gone: ['volunteer0'] });
    const lease = run.lease('referee');
    expect(lease).toMatchObject({ role: 'whole', round: 1 });
    expect(lease.root).toBeUndefined();
    run.accept(lease);
    expect(run.state.round).toMatchObject({ status: 'folding', served: { whole: ['referee'] } });
  });

  it('is no serving: beside one who is here and does nothing, its referee trains once the round is idle', () => {
    const run = openRun(1);
    sendRoot(run, run.lease('referee'));
    for (let half = 0; half < 2; half++) run.accept(run.lease('referee'));
    const later = (ms: number): LeaseReply => run.at(ms).ask('referee');
    expect(later(0).type, 'training is left to the volunteer').toBe('wait');
    expect(later(1_499).type).toBe('wait');
    expect(later(1)).toMatchObject({ type: 'lease', lease: { role: 'whole', round: 1, parts: [0] } });
  });

  it('comes from whoever has trained as others do before somebody joined', () => {
    const run = openRun(0, { plan: { name: 'layer-to-layer' }, policy: { updatesPerRound: 4 } });
    const trained = run.lease('referee');
    run.accept(trained);
    run.join('volunteer', anyDevice);
    const first = run.lease('referee');
    sendRoot(run, first);
    const second = run.lease('referee');
    expect([first, second].map(({ root }) => root)).toEqual([true, true]);
    expect([first, second].map(({ role }) => role).toSorted()).toEqual(['student', 'teacher']);
    expect(['student', 'teacher']).toContain(trained.role);
  });

  it('has as many parts as every lease, though the set has fewer', () => {
    const run = openRun(1, { training: { partsPerLease: 3 } });
    expect(run.lease('referee')).toMatchObject({ parts: [3, 3, 3], examples: 30 });
  });

  it('is granted by no other rule', () => {
    const run = openRun(1, { aggregation: 'geometric-median', policy: { updatesPerRound: 3 } });
    expect(run.lease('referee').root).toBeUndefined();
  });
});

describe('[ROOT5] a root update', () => {
  it('counts in its own round and in no other', () => {
    const { config } = openRun();
    const { countsIn } = roundPolicyOf(config.spec);
    const lease = { role: 'whole', round: 1 } as const;
    expect([1, 2].map(first => countsIn(config, lease, first))).toEqual([1, 2]);
    expect([1, 2].map(first => countsIn(config, { ...lease, root: true }, first))).toEqual([1, null]);
  });

  it('counts as no update, and once if it is told twice', () => {
    const run = openRun();
    const root = run.lease('referee');
    run.lease('volunteer0');
    sendRoot(run, root);
    sendRoot(run, root);
    expect(run.events.filter(({ type }) => type === 'update-accepted')).toHaveLength(1);
    expect(run.last('update-accepted')).toMatchObject({ root: true });
    expect(run.state.round).toMatchObject({ status: 'open', served: {}, roots: { whole: 'referee' } });
  });

  it('ends with its round if it is still in training', () => {
    const run = openRun(2, { policy: { updatesPerRound: 2, roundMs: 9_000, leaseMs: 60_000 } });
    const root = run.lease('referee');
    for (const who of ['volunteer0', 'volunteer1']) run.accept(run.lease(who));
    run.at(9_000).alarm();
    run.fold('whole');
    expect(run.state.leases.get(root.id)).toBeUndefined();
    expect(run.last('lease-ended')).toMatchObject({ lease: root.id, why: 'the round closed' });
  });
});

describe('[ROOT6] a round', () => {
  const meet = (run: SmallRun): void => {
    for (const who of ['volunteer0', 'volunteer1']) run.accept(run.lease(who));
  };

  it('waits for the root update of a role that has its other updates', () => {
    const run = openRun();
    const root = run.lease('referee');
    meet(run);
    expect(run.state.round.status).toBe('open');
    sendRoot(run, root);
    expect(run.state.round.status).toBe('folding');
  });

  it('does not wait if no referee is here, or once it has gone', () => {
    const alone = SmallRun.open(2, fltrust);
    meet(alone);
    expect(alone.state.round.status).toBe('folding');
    const left = openRun();
    left.lease('referee');
    meet(left);
    left.step({ type: 'presence', here: [], gone: ['referee'] });
    expect(left.state.round.status).toBe('folding');
  });

  it('waits no longer than to its deadline, and next time not for a referee who does nothing', () => {
    const run = openRun(2, { policy: { updatesPerRound: 2, roundMs: 9_000, evaluators: 'referees' } });
    meet(run);
    expect(run.state.round.status).toBe('open');
    run.at(9_000).alarm();
    expect(run.state.round.status).toBe('folding');
    run.fold('whole');
    meet(run);
    expect(run.state.round, 'it is not waited for').toMatchObject({ status: 'folding', number: 2 });
    run.fold('whole');
    const root = run.lease('referee');
    meet(run);
    expect(run.state.round, 'a root lease is in hand').toMatchObject({ status: 'open', number: 3 });
    sendRoot(run, root);
    run.fold('whole');
    meet(run);
    expect(run.state.round, 'the referee is at work again').toMatchObject({ status: 'open', number: 4 });
  });
});
