import { describe, expect, it } from 'vitest';
import { conventional, SmallRun } from './small-run.ts';

const heldBy = (run: SmallRun, volunteer: string): string[] =>
  [...run.state.leases.values()].filter(lease => lease.volunteer === volunteer).map(lease => lease.id);

describe('a lease beside another', () => {
  it('[LEASE2] ends no lease that is said to go on', () => {
    const run = SmallRun.open(1);
    const first = run.lease('volunteer0');
    const second = run.lease('volunteer0', first);
    expect(heldBy(run, 'volunteer0')).toEqual([first.id, second.id]);
  });

  it('[LEASE2] ends the others, so that nobody holds three', () => {
    const run = SmallRun.open(1);
    const first = run.lease('volunteer0');
    const second = run.lease('volunteer0', first);
    const third = run.lease('volunteer0', second);
    expect(heldBy(run, 'volunteer0')).toEqual([second.id, third.id]);
    expect(run.last('lease-ended')).toMatchObject({ lease: first.id, why: 'asked for another' });
  });

  it('[LEASE2] keeps nothing if it names a lease of somebody else', () => {
    const run = SmallRun.open(2);
    const [mine, theirs] = [run.lease('volunteer0'), run.lease('volunteer1')];
    run.ask('volunteer0', theirs);
    expect(run.state.leases.get(mine.id)).toBeUndefined();
    expect(run.state.leases.get(theirs.id)).toEqual(theirs);
  });

  it('[LEASE4] is of another role: one update a volunteer, role and round', () => {
    const run = SmallRun.open(1);
    const first = run.lease('volunteer0');
    const second = run.lease('volunteer0', first);
    expect(new Set([first.role, second.role])).toEqual(new Set(['student', 'teacher']));
  });

  it('[LEASE4] is not of a round whose only role is in hand', () => {
    const run = SmallRun.open(1, { plan: conventional, policy: { evaluators: 'referees' } });
    expect(run.ask('volunteer0', run.lease('volunteer0')).type).toBe('wait');
  });

  it('[LEASE12] takes no place of a volunteer who has nothing in hand', () => {
    const run = SmallRun.open(2, { policy: { overIssue: 1, evaluators: 'referees' } });
    const first = run.lease('volunteer0');
    expect(run.ask('volunteer0', first)).toMatchObject({ type: 'wait' });
    expect(run.lease('volunteer1').role).not.toBe(first.role);
  });

  it('[LEASE12] takes a place that nobody is there for any more', () => {
    const policy = { overIssue: 1, evaluators: 'referees', leaseMs: 100_000, roundMs: 600_000 } as const;
    const run = SmallRun.open(2, { policy });
    run.at(70_000);
    const first = run.lease('volunteer0');
    expect(run.ask('volunteer0', first).type).toBe('wait');
    run.at(40_000);
    expect(run.ask('volunteer0', first).type).toBe('lease');
  });

  it.each(['have leases in hand', 'have served'])('[LEASE12] takes a place if all others %s', others => {
    const run = SmallRun.open(0, { policy: { updatesPerRound: 4, overIssue: 1.5, evaluators: 'referees' } });
    for (let i = 0; i < 4; i++) run.join(`volunteer${i}`, undefined, i === 0);
    for (let i = 1; i < 4; i++) {
      const lease = run.lease(`volunteer${i}`);
      if (others === 'have served') run.accept(lease);
    }
    expect(run.ask('volunteer0', run.lease('volunteer0')).type).toBe('lease');
  });

  it('[LEASE12] is no evaluation while there is a round to train, though nobody else is there', () => {
    const run = SmallRun.open(0, { plan: conventional, policy: { evaluators: 'referees' } });
    run.join('referee0', undefined, true);
    const first = run.lease('referee0');
    expect(first.role).toBe('whole');
    expect(run.ask('referee0', first).type).toBe('wait');
    expect(run.lease('referee0').role).toBe('whole');
  });

  it('[LEASE12] is foretold by the grant before it', () => {
    const alone = SmallRun.open(1);
    expect(alone.ask('volunteer0')).toMatchObject({ type: 'lease', more: true });
    const two = SmallRun.open(2, { policy: { overIssue: 1, evaluators: 'referees' } });
    expect(two.ask('volunteer0')).toMatchObject({ type: 'lease', more: false });
    expect(two.ask('volunteer1')).toMatchObject({ type: 'lease', more: false });
  });
});
