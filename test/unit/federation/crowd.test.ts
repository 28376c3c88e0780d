import { describe, expect, it } from 'vitest';
import { stepRun } from '../../../shared/federation/round-machine.ts';
import { atWakeUp } from '../../../shared/federation/run-state.ts';
import { isProven } from '../../../shared/federation/volunteer/is-proven.ts';
import { emptyView } from '../../../shared/view/empty-view.ts';
import { LiveView } from '../../../shared/view/live-view.ts';
import { applyEvent } from '../../support/apply-event.ts';
import { anyDevice, conventional, SmallRun } from './small-run.ts';

const referees = { evaluators: 'referees', overIssue: 1 } as const;

const joinOf = (volunteer: string, referee = false) =>
  ({ type: 'join', volunteer, name: volunteer, device: anyDevice, referee }) as const;

const idsOf = (run: SmallRun): string[] => [...run.state.volunteers.values()].map(({ id }) => id);
const indexOf = (run: SmallRun, id: string) => run.state.volunteers.get(id)?.identity.index;

/** A run whose `volunteer0` is proven, in a new round. Nobody is ever overdue. */
function provenRun(newcomers: readonly string[], updatesPerRound = 4): SmallRun {
  const limits = { leaseMs: 1_000_000, shortestLeaseMs: 1_000_000, roundMs: 10_000_000 };
  const policy = { ...referees, ...limits, updatesPerRound };
  const run = SmallRun.open(1, { plan: conventional, rounds: 100, policy });
  run.accept(run.lease('volunteer0'));
  run.fold('whole');
  for (const name of newcomers) run.join(name);
  return run;
}

/** Brings it about that these are proven, round after round. */
function prove(run: SmallRun, names: readonly string[]): void {
  for (const name of names) {
    const reply = run.ask(name);
    if (reply.type === 'lease') run.accept(reply.lease);
    if (run.state.round.status === 'folding') run.fold('whole');
  }
}

describe('places', () => {
  it('[CROWD1] expire a minute after a join that nothing came after, and no row is written before the next join', () => {
    const run = SmallRun.open(3);
    run.at(30_000).ask('volunteer1');
    run.at(30_000).alarm();
    expect(idsOf(run)).toHaveLength(3);
    run.join('next');
    expect(idsOf(run)).toEqual(['volunteer1', 'next']);
    expect(run.last('volunteers-left')).toEqual({
      type: 'volunteers-left',
      volunteers: ['volunteer0', 'volunteer2'],
    });
  });

  it('[CROWD1] of those who have gone expire as soon, of those who fell silent after six minutes', () => {
    const run = SmallRun.open(2, { policy: { minVolunteers: 5 } });
    for (const id of ['volunteer0', 'volunteer1']) run.at(1_000).ask(id);
    run.step({ type: 'presence', here: [], gone: ['volunteer0'] });
    run.at(60_000).join('next');
    expect(idsOf(run)).toEqual(['volunteer1', 'next']);
    run.at(299_000).join('another');
    expect(idsOf(run)).toContain('volunteer1');
    run.at(1_000).join('third');
    expect(idsOf(run)).not.toContain('volunteer1');
  });

  it('[CROWD1] are kept as long as a lease is in hand, and for good once an update was accepted', () => {
    const run = SmallRun.open(2, { plan: conventional, policy: { ...referees, leaseMs: 600_000 } });
    run.accept(run.lease('volunteer0'));
    run.lease('volunteer1');
    run.at(500_000).join('next');
    expect(idsOf(run)).toEqual(['volunteer0', 'volunteer1', 'next']);
    run.at(800_000).join('another');
    expect(idsOf(run)).toEqual(['volunteer0', 'another']);
  });

  it('[CROWD1] who comes back has joined anew: no index is given twice, and its update counts all the same', () => {
    const run = SmallRun.open(2, { plan: conventional, policy: { ...referees, leaseMs: 60_000 } });
    const lease = run.lease('volunteer1');
    run.at(400_000).join('next');
    expect(idsOf(run)).toEqual(['next']);
    const ask = { type: 'request-lease', volunteer: 'volunteer1', lease: 'another' } as const;
    expect(run.refusal(ask)).toBe('unauthorised');
    run.join('volunteer1');
    expect([indexOf(run, 'next'), indexOf(run, 'volunteer1')]).toEqual([2, 3]);
    run.accept(lease);
    expect(run.state.round.served.whole).toEqual(['volunteer1']);
  });

  it('[CROWD1] begin anew after the object has slept, which has heard of nobody', () => {
    const run = SmallRun.open(2);
    run.at(500_000);
    run.state = { ...run.state, ...atWakeUp(run.state, run.now) };
    run.at(59_999).join('next');
    expect(idsOf(run)).toHaveLength(3);
    run.at(1).join('another');
    expect(idsOf(run)).toEqual(['next', 'another']);
  });

  it('[CROWD1] a hundred leave at most with one join, and nobody hears of them in the view', () => {
    const run = SmallRun.open(150);
    const live = new LiveView();
    const read = (): void => {
      for (const [i, event] of run.events.entries()) live.apply({ seq: i + 1, at: 1, event });
    };
    read();
    run.at(60_000).join('next');
    read();
    expect(run.state.volunteers.size).toBe(51);
    expect(live.core).toMatchObject({ joined: 151, left: 100 });
    expect(Object.keys(live.whole().volunteers)).toHaveLength(51);
    expect([live.nameOf('volunteer0'), live.indexOf('volunteer0')]).toEqual([null, null]);
    expect(Object.keys(live.shown().volunteers)).not.toContain('volunteer0');
  });

  it('[CROWD1] a view has no line of somebody who has left, though an update comes late', () => {
    const run = SmallRun.open(1, { plan: conventional, policy: { ...referees, leaseMs: 60_000 } });
    const lease = run.lease('volunteer0');
    run.at(400_000).join('next');
    run.accept(lease);
    const view = run.events.map((event, i) => ({ seq: i + 1, at: i, event })).reduce(applyEvent, emptyView());
    expect(Object.keys(view.volunteers)).toEqual(['next']);
    expect(view).toMatchObject({ accepted: 1, atWork: {} });
  });

  it('[CROWD2] [RUN3] are as many as the policy says for those who are present, not for all who ever joined', () => {
    const run = SmallRun.open(3, { policy: { maxVolunteers: 3 } });
    const result = stepRun(run.config, run.state, joinOf('late'), run.now);
    expect(result).toMatchObject({ ok: false, reason: 'busy', retryAfterMs: 15_000 });
    for (let i = 0; i < 60; i++) {
      const next = stepRun(run.config, run.state, joinOf(`next${i}`), run.at(10_000).now);
      if (next.ok) run.state = next.value.state;
      expect(run.state.volunteers.size).toBeLessThanOrEqual(3);
    }
    expect(run.state.joined).toBeGreaterThan(20);
  });

  it('[CROWD2] are for referees however many are present, and somebody proven needs none to come back', () => {
    const run = SmallRun.open(1, { plan: conventional, policy: { ...referees, maxVolunteers: 2 } });
    run.accept(run.lease('volunteer0'));
    run.fold('whole');
    run.at(200_000);
    for (const name of ['one', 'two']) run.join(name);
    expect(run.refusal(joinOf('three'))).toBe('busy');
    run.step(joinOf('host', true));
    expect(run.lease('volunteer0').role).toBe('whole');
  });

  it('[CROWD2] a newcomer who is silent makes room, or else the first one who was there for ten minutes', () => {
    const policy = { ...referees, maxVolunteers: 2, minVolunteers: 500 };
    const run = SmallRun.open(2, { policy });
    for (const id of ['volunteer0', 'volunteer1']) run.ask(id);
    const stay = (ids: readonly string[], ms: number): void => {
      for (let waited = 0; waited < ms; waited += 50_000) for (const id of ids) run.at(25_000).ask(id);
    };
    stay(['volunteer0', 'volunteer1'], 100_000);
    expect(run.refusal(joinOf('late'))).toBe('busy');
    stay(['volunteer1'], 200_000);
    run.join('late');
    expect(idsOf(run)).toEqual(['volunteer1', 'late']);
    stay(['volunteer1', 'late'], 400_000);
    run.join('latest');
    expect(idsOf(run)).toEqual(['late', 'latest']);
  });

  it('[CROWD3] of those who have worked as many are remembered who are away, and the longest silent leave', () => {
    const run = provenRun(['a', 'b', 'c'], 1);
    const policy = { ...run.config.spec.policy, maxVolunteers: 2 };
    for (const name of ['b', 'a', 'c']) prove(run.at(1_000), [name]);
    expect([...run.state.volunteers.values()].every(isProven)).toBe(true);
    const config = { ...run.config, spec: { ...run.config.spec, policy } };
    const result = stepRun(config, run.state, joinOf('next'), run.now + 2_000_000);
    if (!result.ok) throw new Error(result.reason);
    expect([...result.value.state.volunteers.values()].map(({ id }) => id)).toEqual(['a', 'c', 'next']);
  });
});

describe('newcomers', () => {
  it('[CROWD4] prove themselves by a training update and by nothing that they say', () => {
    const run = SmallRun.open(2, { plan: conventional });
    const row = (id: string) => {
      const volunteer = run.state.volunteers.get(id);
      return volunteer !== undefined && isProven(volunteer);
    };
    expect(row('volunteer0')).toBe(false);
    run.accept(run.lease('volunteer0'));
    expect(row('volunteer0')).toBe(true);
    run.join('host', anyDevice, true);
    expect(row('host')).toBe(true);
    const judged = { ...run.state.volunteers.get('volunteer1'), paces: { evaluator: [1] } };
    expect(isProven(judged as Parameters<typeof isProven>[0])).toBe(false);
  });

  it('[CROWD4] a row of an older release that tells its pace in training is proven', () => {
    const run = SmallRun.open(1);
    const volunteer = run.state.volunteers.get('volunteer0');
    expect(volunteer && isProven({ ...volunteer, paces: { student: [1] } })).toBe(true);
  });

  it('[CROWD5] start at once as long as nobody is proven', () => {
    const run = SmallRun.open(8, { plan: conventional, policy: { ...referees, updatesPerRound: 4 } });
    for (let i = 0; i < 4; i++) expect(run.ask(`volunteer${i}`).type).toBe('lease');
  });

  it('[CROWD5] get the places that those who have worked leave over, and one more', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const run = provenRun(names);
    // One of the four is for volunteer0. The last is on trial, which it may take too.
    expect(names.map(name => run.ask(name).type)).toEqual(['lease', 'lease', 'lease', 'lease', 'wait']);
    const trials = [...run.state.leases.values()].map(({ isTrial }) => isTrial === true);
    expect(trials).toEqual([false, false, false, true]);
  });

  it('[CROWD5] [CROWD6] who return nothing hold one of four places at a time beside four who have worked', () => {
    const run = provenRun(['a', 'b', 'c'], 4);
    prove(run, ['volunteer0', 'a', 'b', 'c']);
    const sybils = Array.from({ length: 40 }, (_, i) => `sybil${i}`);
    for (const sybil of sybils) run.join(sybil);
    const leased = sybils.filter(sybil => run.ask(sybil).type === 'lease');
    expect(leased).toHaveLength(1);
    expect(run.ask('sybil5')).toMatchObject({
      type: 'wait',
      reason: 'this device is new here: it gets a first task as soon as one of those for new devices is free',
    });
    expect(['volunteer0', 'a', 'b'].map(name => run.ask(name).type)).toEqual(['lease', 'lease', 'lease']);
  });

  it('[CROWD5] get no second lease beside their first', () => {
    const run = provenRun(['a'], 4);
    const reply = run.ask('a');
    expect(reply).toMatchObject({ type: 'lease', more: false });
  });

  it('[CROWD5] a lost lease on trial makes no more places', () => {
    const run = provenRun(['a', 'b', 'c'], 1);
    const before = run.state.returnRate;
    run.step({ type: 'release', volunteer: 'a', lease: run.lease('a').id, reason: 'no' });
    const held = run.lease('b');
    expect(held.isTrial).toBe(true);
    run.at(200_000).alarm();
    expect(run.state.returnRate).toBe(before);
  });

  it('[CROWD6] rest for half a minute after two leases without an update, then twice as long each time', () => {
    const run = provenRun(['a'], 4);
    for (let i = 0; i < 2; i++)
      run.step({ type: 'release', volunteer: 'a', lease: run.lease('a').id, reason: 'no' });
    expect(run.ask('a')).toMatchObject({
      type: 'wait',
      reason: 'the last lease of this device brought no update, so others come first for a while',
    });
    run.lease('volunteer0');
    for (const restMs of [30_000, 60_000]) {
      expect(run.at(restMs - 1).ask('a').type).toBe('wait');
      run.step({ type: 'release', volunteer: 'a', lease: run.at(1).lease('a').id, reason: 'no' });
    }
    expect(run.ask('a').type).toBe('wait');
    const last = run.at(120_000).lease('a');
    run.accept(last);
    expect(run.ask('a').type).toBe('wait');
    expect(run.state.volunteers.get('a')).toMatchObject({ proven: true });
  });

  it('[CROWD6] [ROUND1] who fail are not counted on for the goals of a round', () => {
    const run = provenRun(['a', 'b', 'c'], 4);
    for (const name of ['a', 'b', 'c'])
      for (let i = 0; i < 2; i++)
        run.step({ type: 'release', volunteer: name, lease: run.lease(name).id, reason: 'no' });
    expect(run.last('round-opened')?.goals).toEqual({ whole: 4 });
    run.accept(run.lease('volunteer0'));
    for (const waitedMs of [0, 3_000]) run.at(waitedMs).ask('volunteer0');
    run.fold('whole');
    run.lease('volunteer0');
    expect(run.last('round-opened')?.goals).toEqual({ whole: 1 });
  });
});
