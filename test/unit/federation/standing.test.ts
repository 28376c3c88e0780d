import { describe, expect, it } from 'vitest';
import { claimsOf } from '../../../shared/federation/lease/claims-of.ts';
import type { FoldedRole } from '../../../shared/protocol/cohort-report.ts';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import type { RefusalReason } from '../../../shared/protocol/refusals.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import {
  afterLoss,
  levelOf,
  newcomer,
  type Standing,
  type ToldWork,
  valueAt,
} from '../../../shared/protocol/standing.ts';
import { LiveView } from '../../../shared/view/live-view.ts';
import { anyDevice, conventional, countedRight, SmallRun } from './small-run.ts';

const spec: Partial<RunSpecInput> = { plan: conventional, rounds: 100, policy: { updatesPerRound: 4 } };

/** One round in which each of these returns an update, worth what is told. */
function round(
  run: SmallRun,
  names: readonly string[],
  work: Omit<ToldWork, 'seed'>,
  role: Role = 'whole',
): void {
  for (const name of names) run.accept(trainingLease(run, name));
  const result: FoldedRole = { updates: names.length, segments: {}, work: { seed: 'aa', ...work } };
  // A round that wants more closes when it is idle.
  for (let i = 0; run.state.round.status !== 'folding' && i < 9; i++) run.at(2_000).ask('volunteer0');
  run.step({ type: 'folded', role, round: run.state.round.number, result });
}

function trainingLease(run: SmallRun, name: string) {
  for (let i = 0; i < 20; i++) {
    const lease = run.lease(name);
    if (lease.role !== 'evaluator') return lease;
    run.accept(lease, countedRight(lease, 5));
  }
  throw new Error(`${name} is leased no training`);
}

const standingOf = (run: SmallRun, name: string): Standing =>
  run.state.volunteers.get(name)?.standing ?? newcomer;
const valueIn = (run: SmallRun, name: string): number =>
  valueAt(standingOf(run, name), run.state.manifest.version);

/** The same run with this standing of a volunteer. */
function withStanding(run: SmallRun, name: string, standing: Standing): SmallRun {
  const row = run.state.volunteers.get(name);
  if (!row) throw new Error(`no ${name}`);
  run.state = { ...run.state, volunteers: run.state.volunteers.put({ ...row, standing }) };
  return run;
}

const low: Standing = { value: 0.2, version: 0, why: 'refused' };
const high: Standing = { value: 0.9, version: 0 };

describe('a run', () => {
  it('[STAND4] counts what the cohorts found, tells it with the version, and the view counts alike', () => {
    const run = SmallRun.open(4, spec);
    const names = [0, 1, 2, 3].map(i => `volunteer${i}`);
    const work = { helped: names.slice(0, 2), zero: [names[2] ?? ''], untold: [names[3] ?? ''] };
    for (let i = 0; i < 3; i++) round(run, names, work);
    expect(run.last('version-published')?.work).toEqual({ whole: { seed: 'aa', ...work } });
    expect(levelOf(valueIn(run, 'volunteer0'))).toBe('trusted');
    expect(standingOf(run, 'volunteer2')).toMatchObject({ value: 0.5, why: 'zero' });
    expect(levelOf(valueIn(run, 'volunteer3'))).toBe('new');
    const live = new LiveView();
    for (const [i, event] of run.events.entries()) live.apply({ seq: i + 1, at: 1_000 * i, event });
    for (const name of names)
      expect(live.shown().volunteers[name]?.standing).toEqual(run.state.volunteers.get(name)?.standing);
  });

  it('[STAND4] knows nobody by the work of a stranger, and goes on if a cohort tells of none', () => {
    const run = SmallRun.open(1, spec);
    round(run, ['volunteer0'], { helped: ['stranger'] });
    expect(run.state.volunteers.get('stranger')).toBeUndefined();
    run.accept(trainingLease(run, 'volunteer0'));
    run.fold('whole');
    expect(run.last('version-published')).not.toHaveProperty('work');
  });

  const faults: readonly RefusalReason[] = [
    'malformed',
    'wrong-table',
    'bad-payload',
    'bad-metrics',
    'too-large',
  ];
  it.each(faults)('[STAND5] takes standing for an update that is %s, once a lease, and says so', reason => {
    const run = SmallRun.open(2, spec);
    const lease = trainingLease(run, 'volunteer0');
    for (let i = 0; i < 5; i++) run.refuse(lease, reason);
    expect(standingOf(run, 'volunteer0')).toEqual({ value: 0.375, version: 0, why: 'refused' });
    const told = run.events.filter(event => event.type === 'update-refused');
    expect(told.map(event => event.costsStanding)).toEqual([true, ...[1, 2, 3, 4].map(() => undefined)]);
  });

  it.each(['late', 'stale', 'duplicate', 'busy', 'wrong-hash', 'taken-back'] as const)(
    '[STAND5] takes nothing for an update that is %s',
    reason => {
      const run = SmallRun.open(2, spec);
      run.accept(trainingLease(run, 'volunteer1'));
      run.refuse(trainingLease(run, 'volunteer0'), reason);
      expect(standingOf(run, 'volunteer0')).toBe(newcomer);
    },
  );

  it.each(['not-finite', 'out-of-range', 'bad-statistics'] as const)(
    '[STAND5] takes standing for an update that is %s only if the round trains well for somebody',
    reason => {
      const run = SmallRun.open(3, spec);
      run.refuse(trainingLease(run, 'volunteer0'), reason);
      expect(standingOf(run, 'volunteer0')).toBe(newcomer);
      run.accept(trainingLease(run, 'volunteer1'));
      run.refuse(trainingLease(run, 'volunteer2'), reason);
      expect(standingOf(run, 'volunteer2').value).toBe(0.375);
    },
  );

  it('[STAND7] says with a lease what its update weighs, in the ledger and in the token, and only if that is less', () => {
    const run = withStanding(SmallRun.open(2, spec), 'volunteer0', {
      value: 0.25,
      version: 0,
      why: 'refused',
    });
    const own = trainingLease(run, 'volunteer1');
    expect(own.share).toBeUndefined();
    const lease = trainingLease(run.at(60_001), 'volunteer0');
    expect(lease.share).toBe(0.5);
    const granted = run.events.filter(event => event.type === 'lease-granted');
    expect(granted.map(event => event.share)).toContain(0.5);
    const claims = claimsOf('run', { lease, task: { trains: [] }, manifest: { version: 0 } }, 1);
    expect(claims.share).toBe(0.5);
  });

  it('[STAND9] tells whoever asks why it lost, with a lease and without, and nobody else', () => {
    const run = withStanding(
      SmallRun.open(2, { ...spec, policy: { updatesPerRound: 1, overIssue: 1 } }),
      'volunteer0',
      { ...low, value: 0.4 },
    );
    const told = (volunteer: string, lease: string) => run.step({ type: 'request-lease', volunteer, lease });
    for (const lease of ['lease1', 'lease2'])
      expect(told('volunteer0', lease).standing).toEqual({ value: 0.4, why: 'refused' });
    expect(told('volunteer1', 'lease3')).not.toHaveProperty('standing');
  });

  it('[STAND9] tells a referee nothing, whose key is its standing', () => {
    const run = SmallRun.open(1, spec);
    run.join('referee', anyDevice, true);
    const told = withStanding(run, 'referee', { ...low, value: 0.4 }).step({
      ...{ type: 'request-lease', volunteer: 'referee', lease: 'lease1' },
    });
    expect(told).not.toHaveProperty('standing');
  });
});

describe('who comes first', () => {
  /** Two places; volunteer0 comes last, and two others are free. */
  const scarce = (standing: Standing): SmallRun =>
    withStanding(
      SmallRun.open(3, { ...spec, policy: { updatesPerRound: 2, overIssue: 1 } }),
      'volunteer0',
      standing,
    );

  it.each([low, { value: 0.5, version: 0, why: 'zero' }, { value: 0.9, version: 0, why: 'copied' }] as const)(
    '[STAND8] whoever is distrusted or sent nothing of its own leaves the places to others: %j',
    standing => {
      const run = scarce(standing);
      expect(run.ask('volunteer0').type).toBe('wait');
      expect(run.ask('volunteer1').type).toBe('lease');
      expect(run.ask('volunteer2').type).toBe('lease');
    },
  );

  it.each([
    newcomer,
    { value: 0.5, version: 0, why: 'unlike' },
    { value: 0.4, version: 0, why: 'refused' },
  ] as const)('[STAND8] nobody else does: %j', standing => {
    expect(scarce(standing).ask('volunteer0').type).toBe('lease');
  });

  it('[STAND8] it gets a place if one is left, and if those who would come first do nothing', () => {
    const wide = withStanding(SmallRun.open(3, spec), 'volunteer0', low);
    expect(wide.ask('volunteer0').type).toBe('lease');
    const run = scarce(low);
    expect(run.ask('volunteer0').type).toBe('wait');
    expect(run.at(1_600).ask('volunteer0').type).toBe('lease');
  });

  it('[STAND8] it waits for nobody like it', () => {
    const run = scarce(low);
    for (const name of ['volunteer1', 'volunteer2']) withStanding(run, name, low);
    expect(run.ask('volunteer0').type).toBe('lease');
  });
});

describe('who judges', () => {
  const weak = { ...anyDevice, memoryMB: 0.001 };

  /** Version 1 is to be judged, of the two who trained it and of these. */
  function judged(judges: readonly string[]): SmallRun {
    const run = SmallRun.open(2, { ...spec, rounds: 1 });
    for (const name of judges) {
      run.join(name, weak);
      run.helped(name);
    }
    for (const name of ['volunteer0', 'volunteer1']) run.accept(trainingLease(run, name));
    run.fold('whole');
    for (let i = 0; i < 20 && run.state.evaluation?.manifest.version === 0; i++)
      for (const name of [...judges, 'volunteer0']) {
        const reply = run.state.evaluation?.manifest.version === 0 ? run.ask(name) : null;
        if (reply?.type === 'lease') run.accept(reply.lease, countedRight(reply.lease, 1));
      }
    expect(run.state.evaluation?.manifest.version).toBe(1);
    return run.at(1);
  }

  const judge = (run: SmallRun, name: string, correct: number): void => {
    for (let reply = run.ask(name); reply.type === 'lease'; reply = run.ask(name))
      run.accept(reply.lease, countedRight(reply.lease, correct));
  };

  it('[STAND8] whoever is distrusted confirms nothing', () => {
    const run = judged(['eva', 'eve', 'ida']);
    withStanding(run, 'eve', low);
    judge(run, 'eva', 8);
    expect(run.ask('eve').type).toBe('wait');
    for (const name of ['ida', 'eva']) judge(run, name, 8);
    expect(run.last('version-evaluated')).toMatchObject({ version: 1, accuracy: 0.8 });
  });

  it('[STAND8] whoever is trusted judges first, and others wait no longer than a lease lasts at least', () => {
    const run = judged(['eva', 'eve', 'ida']);
    withStanding(run, 'eve', high);
    // It is known to be trusted from when it was heard of last.
    run.step({ type: 'presence', here: ['eve'], gone: [] });
    expect(run.ask('eva').type).toBe('wait');
    expect(run.ask('eve')).toMatchObject({ type: 'lease', lease: { role: 'evaluator' } });
    expect(run.ask('eva').type).toBe('lease');
    const silent = judged(['eva', 'eve', 'ida']);
    withStanding(silent, 'eve', high);
    silent.step({ type: 'presence', here: ['eve'], gone: [] });
    expect(silent.ask('eva').type).toBe('wait');
    expect(silent.at(5_000).ask('eva').type).toBe('lease');
  });

  it('[STAND5] [EVAL10] whoever is contradicted loses standing', () => {
    const run = judged(['eva', 'eve', 'ida']);
    const before = standingOf(run, 'eve');
    judge(run, 'eve', 3);
    for (const name of ['eva', 'ida', 'eva', 'ida']) judge(run, name, 8);
    expect(run.last('judgement-contradicted')).toMatchObject({ volunteer: 'eve' });
    expect(standingOf(run, 'eve')).toEqual(afterLoss(before, 'contradicted', 1));
  });
});
