import { describe, expect, it } from 'vitest';
import { PaceTable } from '../../../shared/federation/lease/pace-table.ts';
import { LiveView } from '../../../shared/view/live-view.ts';
import { anyDevice, conventional, SmallRun } from './small-run.ts';

const policy = { evaluators: 'referees', updatesPerRound: 1 } as const;
const slow = { ...anyDevice, macsPerSecond: 100 };
const small = { ...anyDevice, memoryMB: 0.001 };

/** A run of one role, with one volunteer on this device. */
function runOn(device = slow): SmallRun {
  const run = SmallRun.open(0, { plan: conventional, policy });
  run.join('ada', device);
  return run;
}

const told = (run: SmallRun) => run.events.filter(({ type }) => type === 'role-unfit');

describe('a role that fits the device of nobody who is here', () => {
  it('[LEASE19] is told once a round, with what it needs at least', () => {
    const run = runOn();
    for (let i = 0; i < 3; i++) expect(run.at(1_000).ask('ada').type).toBe('wait');
    const [unfit, ...more] = told(run);
    if (unfit?.type !== 'role-unfit') throw new Error('nothing was told');
    expect({ role: unfit.role, round: unfit.round, more }).toEqual({ role: 'whole', round: 1, more: [] });
    const { memoryMB, macsPerSecond } = unfit;
    run.join('slower', { ...anyDevice, memoryMB, macsPerSecond: macsPerSecond - 1 });
    run.join('smaller', { ...anyDevice, memoryMB: memoryMB - 0.001, macsPerSecond });
    run.join('least', { ...anyDevice, memoryMB, macsPerSecond });
    expect(['slower', 'smaller', 'least'].map(id => run.ask(id).type)).toEqual(['wait', 'wait', 'lease']);
  });

  it('[LEASE19] is told only if nobody is at work, and fits nobody who has not gone', () => {
    const run = runOn();
    run.join('grace');
    run.ask('ada');
    const lease = run.lease('grace');
    run.step({ type: 'presence', here: [], gone: ['grace'] });
    expect(told(run)).toEqual([]);
    run.ask('ada');
    expect(told(run)).toHaveLength(1);
    run.accept(lease);
    run.fold('whole');
    run.step({ type: 'presence', here: [], gone: ['grace'] });
    run.ask('ada');
    expect(told(run).map(event => 'round' in event && event.round)).toEqual([1, 2]);
  });

  it('[LEASE19] is told again in the same round if it was leased to somebody who has gone', () => {
    const run = runOn();
    run.ask('ada');
    run.join('grace');
    run.lease('grace');
    run.step({ type: 'presence', here: [], gone: ['grace'] });
    for (let i = 0; i < 2; i++) run.ask('ada');
    expect(told(run).map(event => 'round' in event && event.round)).toEqual([1, 1]);
  });

  it('[LEASE19] is shown until somebody is leased it or the version is out', () => {
    const view = new LiveView();
    let seq = 0;
    const hear = (run: SmallRun) => {
      for (const event of run.events.splice(0)) view.apply({ seq: ++seq, at: 0, event });
      return Object.keys(view.core.unfit ?? {});
    };
    const run = runOn();
    run.ask('ada');
    expect(hear(run)).toEqual(['whole']);
    run.join('grace');
    const lease = run.lease('grace');
    expect(hear(run)).toEqual([]);
    run.step({ type: 'presence', here: [], gone: ['grace'] });
    run.accept(lease);
    run.fold('whole');
    expect(hear(run)).toEqual([]);
  });
});

describe('a device that seems too slow', () => {
  const askAt = (run: SmallRun, macsPerSecond: number) =>
    run.step({ type: 'request-lease', volunteer: 'ada', lease: 'measured', macsPerSecond }).reply;

  it('[LEASE20] is told to measure itself again, and one that lacks memory is not', () => {
    expect(runOn().ask('ada')).toMatchObject({ type: 'wait', measure: true });
    expect(runOn(small).ask('ada')).not.toHaveProperty('measure');
    const busy = runOn(anyDevice);
    busy.join('grace');
    busy.lease('grace');
    expect(busy.ask('ada')).not.toHaveProperty('measure');
  });

  it('[LEASE20] is believed the faster of its figures', () => {
    const run = runOn();
    expect(askAt(run, 50)?.type).toBe('wait');
    expect(run.state.volunteers.get('ada')?.identity.device.macsPerSecond).toBe(100);
    expect(askAt(run, 1e6)?.type).toBe('lease');
    expect(run.state.volunteers.get('ada')?.identity.device.macsPerSecond).toBe(1e6);
  });

  it('[LEASE17] [LEASE20] is like others of its new speed', () => {
    const run = runOn({ ...anyDevice, macsPerSecond: 1e6 });
    run.accept(run.at(1_000).lease('ada'));
    run.fold('whole');
    askAt(run, 1e9);
    const device = { ...anyDevice, macsPerSecond: 1e9 };
    expect(run.state.paces.like('whole', device).count).toBe(1);
    expect(run.state.paces.like('whole', { ...device, macsPerSecond: 1e6 }).count).toBe(0);
    expect(run.state.paces.all('whole')).toEqual(PaceTable.of(run.state.volunteers.values()).all('whole'));
  });
});
