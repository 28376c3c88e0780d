import { describe, expect, it } from 'vitest';
import { atWakeUp } from '../../../shared/federation/run-state.ts';
import { conventional, SmallRun } from './small-run.ts';

describe('presence', () => {
  it('[RUN6] a request that gets nothing changes no stored row', () => {
    const run = SmallRun.open(3, { plan: conventional, policy: { updatesPerRound: 1, overIssue: 1 } });
    run.lease('volunteer0');
    run.ask('volunteer1');
    const { presence: _, ...before } = run.state;
    run.at(700);
    expect(run.ask('volunteer1').type).toBe('wait');
    const { presence, ...after } = run.state;
    expect(presence.seenAt('volunteer1')).toBe(run.now);
    for (const key of Object.keys(after) as (keyof typeof after)[]) expect(after[key]).toBe(before[key]);
  });

  it('[RUN6] nor does one that gets nothing while nobody is at work', () => {
    const run = SmallRun.open(1);
    run.control('pause');
    run.ask('volunteer0');
    const { round, volunteers } = run.state;
    run.at(700).ask('volunteer0');
    expect([run.state.round, run.state.volunteers]).toEqual([round, volunteers]);
    expect(run.state.round).toBe(round);
    expect(run.state.volunteers).toBe(volunteers);
  });

  it('[RUN6] after a sleep, holders of leases count as heard of now, the others as of their row', () => {
    const run = SmallRun.open(2, { plan: conventional, policy: { updatesPerRound: 1, overIssue: 1 } });
    const joinedAt = run.now;
    run.at(1_000).lease('volunteer0');
    run.ask('volunteer1');
    const awake = atWakeUp(run.state, run.now + 90_000).presence;
    expect(awake.seenAt('volunteer0')).toBe(run.now + 90_000);
    expect(awake.seenAt('volunteer1')).toBe(joinedAt);
  });

  it('[RUN7] goals count neither who has gone nor who was silent, and count who is told to be here', () => {
    const run = SmallRun.open(4, { plan: conventional });
    run.step({ type: 'presence', here: [], gone: ['volunteer1', 'stranger'] });
    run.at(119_999).step({ type: 'presence', here: ['volunteer2', 'stranger'], gone: [] });
    run.at(1);
    run.lease('volunteer0');
    expect(run.last('round-opened')?.goals).toEqual({ whole: 2 });
  });

  it('[RUN7] who has gone is active again once it asks', () => {
    const run = SmallRun.open(2, { plan: conventional });
    run.step({ type: 'presence', here: [], gone: ['volunteer0'] });
    run.lease('volunteer0');
    expect(run.last('round-opened')?.goals).toEqual({ whole: 2 });
  });

  it('[RUN7] the lease of who has gone goes on, and its update counts', () => {
    const run = SmallRun.open(2, { plan: conventional });
    const lease = run.lease('volunteer0');
    run.step({ type: 'presence', here: [], gone: ['volunteer0'] });
    run.accept(lease);
    expect(run.state.round.served).toEqual({ whole: ['volunteer0'] });
  });
});
