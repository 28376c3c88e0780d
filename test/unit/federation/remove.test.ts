import { describe, expect, it } from 'vitest';
import { countActive } from '../../../shared/federation/lease/crowd.ts';
import { atWakeUp } from '../../../shared/federation/run-state.ts';
import { conventional, SmallRun } from './small-run.ts';

const remove = { type: 'remove', volunteer: 'volunteer0' } as const;

describe('a volunteer whom the host removes', () => {
  it('[KEY2] loses its leases, whose places others get, and is told why it gets none', () => {
    const run = SmallRun.open(2, { plan: conventional, policy: { updatesPerRound: 1, overIssue: 1 } });
    run.lease('volunteer0');
    expect(run.ask('volunteer1').type).toBe('wait');
    run.step(remove);
    expect(run.last('lease-ended')).toMatchObject({ volunteer: 'volunteer0' });
    expect(run.last('volunteer-removed')).toEqual({ type: 'volunteer-removed', volunteer: 'volunteer0' });
    expect(run.refusal({ type: 'request-lease', volunteer: 'volunteer0', lease: 'newlease' })).toBe(
      'removed',
    );
    run.lease('volunteer1');
  });

  it('[KEY2] is not active, whoever says that it is here, and not after a sleep', () => {
    const run = SmallRun.open(2, { plan: conventional });
    const active = (): number => countActive(run.config, run.state, run.now);
    expect(active()).toBe(2);
    run.step(remove);
    run.step({ type: 'presence', here: ['volunteer0'], gone: [] });
    expect(active()).toBe(1);
    const presence = atWakeUp(run.state, run.now).presence;
    expect(countActive(run.config, { ...run.state, presence }, run.now)).toBe(1);
  });

  it('[KEY2] is removed once, and stays what it was for a repeated join', () => {
    const run = SmallRun.open(1);
    run.step(remove);
    const { state } = run;
    run.step(remove);
    expect(run.state).toBe(state);
    const device = { backend: 'cpu', macsPerSecond: 0, memoryMB: 0 };
    const again = { type: 'join', volunteer: 'volunteer0', name: 'Ada', device, referee: false } as const;
    expect(run.refusal(again)).toBe('removed');
    expect(run.refusal({ type: 'remove', volunteer: 'stranger' })).toBe('not-found');
  });
});
