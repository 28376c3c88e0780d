import { describe, expect, it } from 'vitest';
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

  it('[REP1] an update of a closed round is recorded but serves no later round', () => {
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
