import { describe, expect, it } from 'vitest';
import type { LeaseState } from '../../../shared/federation/lease/lease-state.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { acceptedEntry, conventional, SmallRun } from './small-run.ts';

describe('updates that arrive late, twice or after the end', () => {
  it('[ROUND3] an update taken in time but told after the extension closes the round, short of its goal', () => {
    const run = SmallRun.open(2, { plan: conventional });
    const lease = run.lease('volunteer0');
    run.at(run.config.spec.policy.roundMs).alarm();
    expect(run.has('round-extended')).toBe(true);
    run.accept(lease);
    expect(run.state.round.status).toBe('folding');
    run.fold('whole');
    expect(run.state.manifest.version).toBe(1);
  });

  it('[REP2] an update told twice counts once', () => {
    const run = SmallRun.open(2, { plan: conventional });
    const lease = run.lease('volunteer0');
    run.accept(lease);
    run.accept(lease);
    expect(run.state.round.served).toEqual({ whole: ['volunteer0'] });
    expect(run.state.round.status).toBe('open');
    expect(run.events.filter(event => event.type === 'update-accepted')).toHaveLength(1);
  });

  it('[REP1] an update the cohort took counts though its lease has ended', () => {
    const run = SmallRun.open(2, { plan: conventional });
    const lease = run.lease('volunteer0');
    run.at(run.config.spec.policy.leaseMs).alarm();
    expect(run.state.leases.size).toBe(0);
    run.accept(lease);
    expect(run.state.round.served.whole).toEqual(['volunteer0']);
  });

  it('[REP1] an update that counted in a closed round is recorded but serves no later round', () => {
    const run = SmallRun.open(1, { plan: conventional });
    const lease = run.lease('volunteer0');
    run.accept(lease);
    run.fold('whole');
    run.step({ type: 'report', role: 'whole', entries: [{ ...acceptedEntry(lease), lease: 'another' }] });
    expect(run.state.round).toMatchObject({ number: 2, served: {} });
    expect(run.events.filter(event => event.type === 'update-accepted')).toHaveLength(2);
  });

  it('[REP3] a refused update ends its lease and frees the place', () => {
    const run = SmallRun.open(2, { plan: conventional, policy: { updatesPerRound: 1, overIssue: 1 } });
    const lease = run.lease('volunteer0');
    expect(run.ask('volunteer1').type).toBe('wait');
    run.refuse(lease);
    expect(run.state.leases.size).toBe(0);
    expect(run.lease('volunteer1').role).toBe('whole');
    expect(run.last('update-refused')).toMatchObject({ lease: lease.id, reason: 'not-finite' });
  });
});

/** The cohort took the update for this round, which is not the lease's. */
const acceptLate = (run: SmallRun, lease: LeaseState, countsIn: number): void => {
  run.step({ type: 'report', role: lease.role, entries: [{ ...acceptedEntry(lease), countsIn }] });
};

const accepted = (run: SmallRun) => run.events.filter(event => event.type === 'update-accepted');

/** Round 1 wants `goal` updates and has them. The leases of the other volunteers are still out. */
function closedRound(volunteers: number, goal: number, policy: RunSpecInput['policy'] = {}) {
  const run = SmallRun.open(volunteers, {
    plan: conventional,
    policy: { updatesPerRound: goal, overIssue: 3, evaluators: 'referees', ...policy },
  });
  const leases = Array.from({ length: volunteers }, (_, i) => run.lease(`volunteer${i}`));
  for (const lease of leases.slice(0, goal)) run.accept(lease);
  expect(run.state.round.status).toBe('folding');
  return { run, late: leases.slice(goal) };
}

describe('late updates of buffered rounds', () => {
  it('[ROUND6] [ROUND1] one opens the next round and counts in it', () => {
    const { run, late } = closedRound(3, 2);
    run.fold('whole');
    acceptLate(run, late[0] as LeaseState, 2);
    expect(run.state.round).toMatchObject({
      status: 'open',
      number: 2,
      goals: { whole: 2 },
      served: {},
      late: { whole: [{ volunteer: 'volunteer2', round: 1 }] },
    });
    expect(run.state.leases.size).toBe(0);
    expect(run.last('update-accepted')).toMatchObject({ round: 1, countsIn: 2 });
    run.accept(run.lease('volunteer0'));
    expect(run.state.round.status).toBe('folding');
  });

  it('[ROUND6] one that comes while its round folds is kept for the next one', () => {
    const { run, late } = closedRound(3, 2);
    acceptLate(run, late[0] as LeaseState, 2);
    expect(run.state.round).toMatchObject({ number: 1, status: 'folding' });
    run.fold('whole');
    expect(run.state.round).toMatchObject({
      status: 'open',
      number: 2,
      late: { whole: [{ volunteer: 'volunteer2', round: 1 }] },
    });
    expect(run.state.round.upcoming).toBeUndefined();
  });

  it('[ROUND2] a round that has all its goals when it begins closes at once, and grants no lease', () => {
    const { run, late } = closedRound(4, 2);
    for (const lease of late) acceptLate(run, lease, 2);
    run.fold('whole');
    expect(run.state.round).toMatchObject({ number: 2, status: 'folding' });
    expect(run.last('round-opened')).toMatchObject({ round: 2, goals: { whole: 2 } });
    run.fold('whole', {}, 2);
    expect(run.state).toMatchObject({ manifest: { version: 2 }, round: { number: 3, status: 'unopened' } });
    expect(run.state.divergence.trainedBy, '[DIV2] who trained the newest version').toEqual([
      'volunteer2',
      'volunteer3',
    ]);
  });

  it('[ROUND6] one for a round after the next one waits until that one begins', () => {
    const { run, late } = closedRound(2, 1);
    acceptLate(run, late[0] as LeaseState, 3);
    run.fold('whole');
    expect(run.state.round).toMatchObject({ number: 2, status: 'unopened' });
    run.accept(run.lease('volunteer0'));
    run.fold('whole');
    expect(run.state.round).toMatchObject({ number: 3, status: 'folding' });
  });

  it('[REP2] one told twice counts once, before its round begins, in it and after it', () => {
    const { run, late } = closedRound(4, 3);
    const [lease] = late as [LeaseState];
    for (let i = 0; i < 2; i++) acceptLate(run, lease, 2);
    expect(accepted(run)).toHaveLength(4);
    run.fold('whole');
    acceptLate(run, lease, 2);
    expect(accepted(run)).toHaveLength(4);
    expect(run.state.round.late).toEqual({ whole: [{ volunteer: 'volunteer3', round: 1 }] });
    for (const volunteer of ['volunteer0', 'volunteer1']) run.accept(run.lease(volunteer));
    run.fold('whole');
    acceptLate(run, lease, 2);
    expect(accepted(run)).toHaveLength(7);
    expect(run.state.round).toEqual({ status: 'unopened', number: 3, served: {}, idleSince: null });
  });

  it('[LEASE4] a volunteer with a late update in a round may serve in it once, and no more', () => {
    const { run, late } = closedRound(4, 3, { updatesPerRound: 3 });
    run.fold('whole');
    acceptLate(run, late[0] as LeaseState, 2);
    run.accept(run.lease('volunteer3'));
    expect(run.ask('volunteer3').type).toBe('wait');
  });

  it('[LEASE4] a volunteer whose two older leases may count in a round gets none of it', () => {
    const { run, late } = closedRound(3, 2);
    const [older] = late as [LeaseState];
    run.fold('whole');
    const newer = run.lease('volunteer2', older);
    for (const volunteer of ['volunteer0', 'volunteer1']) run.accept(run.lease(volunteer));
    run.fold('whole');
    expect(Array.from(run.state.leases.values(), ({ id }) => id)).toEqual([older.id, newer.id]);
    acceptLate(run, older, 3);
    expect(run.ask('volunteer2', newer).type).toBe('wait');
    expect(run.lease('volunteer0').round).toBe(3);
  });

  it('[ROUND3] a round keeps what it has when it is opened again', () => {
    const { run, late } = closedRound(5, 4, { minUpdates: 2, roundMs: 50_000 });
    run.fold('whole');
    acceptLate(run, late[0] as LeaseState, 2);
    run.at(run.config.spec.policy.roundMs).alarm();
    expect(run.state.round.status).toBe('extended');
    const lease = run.lease('volunteer0');
    expect(run.state.round).toMatchObject({
      status: 'open',
      late: { whole: [{ volunteer: 'volunteer4', round: 1 }] },
    });
    run.at(run.config.spec.policy.roundMs).alarm();
    run.accept(lease);
    expect(run.state.round.status).toBe('folding');
  });
});
