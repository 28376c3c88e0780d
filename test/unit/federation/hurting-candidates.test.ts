import { describe, expect, it } from 'vitest';
import { foldRequest, pendingFolds } from '../../../shared/federation/round/fold-order.ts';
import type { CheckVerdict } from '../../../shared/protocol/check.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { CheckedRun } from './checked-run.ts';
import { shard } from './small-run.ts';

describe('a candidate that hurts', () => {
  const hurting = (spec: Partial<RunSpecInput> = {}) => {
    const run = CheckedRun.begin('if-present', spec);
    run.askCheck();
    run.fill();
    const check = run.takeCheck();
    return { run, check, reply: run.found(check, 9) };
  };

  it('[CHECK7] is not published: the referee hears of its updates, and of what would not hurt', () => {
    const { run, check, reply } = hurting();
    expect(reply).toMatchObject({ type: 'tell-apart' });
    if (reply?.type !== 'tell-apart') return;
    const updates = ['ada-1', 'mal-1'].map(lease => ({ lease, weight: 10, scale: 1 }));
    expect(reply.suspects).toEqual({ limits: [1.1], badly: [3], roles: [{ role: 'whole', updates }] });
    expect(run.has('candidate-refused'), 'it is not refused yet').toBe(false);
    expect(run.state.manifest.version).toBe(0);
    expect(check).toBe(run.state.round.status === 'checking' && run.state.round.check.by?.id);
  });

  it('[CHECK7] [CHECK10] folds again without what the referee names, whose sender is held back', () => {
    const { run, check } = hurting();
    run.tell(check, { type: 'harmful', leases: ['mal-1', 'nobodys'] });
    expect(run.last('candidate-refused')).toEqual({
      ...{ type: 'candidate-refused', version: 1, turn: 1, by: 'host', before: 1, after: 9 },
    });
    expect(run.last('update-refused')).toMatchObject({
      ...{ lease: 'mal-1', volunteer: 'mal', role: 'whole', reason: 'harmful' },
      detail: 'version 1 was worse with it: no new training before round 4',
    });
    expect(run.state.volunteers.get('mal')).toMatchObject({ harmful: 1, heldBackUntil: 3 });
    expect(pendingFolds(run.config, run.state)).toEqual(['whole']);
    expect(foldRequest(run.config, run.state, 'whole')).toMatchObject({
      leftOut: { turn: 2, leases: ['mal-1'] },
    });
    run.foldNow(5);
    expect(run.last('version-checking')).toMatchObject({ turn: 2 });
    run.found(run.takeCheck(), 0.9);
    expect(run.last('version-published')).toMatchObject({ updates: { whole: 1 }, check: { after: 0.9 } });
  });

  it('[LEASE10] ends the lease of what is refused, if its acceptance is not reported yet', () => {
    const policy = { updatesPerRound: 2, overIssue: 2, check: 'if-present', evaluators: 'referees' } as const;
    const run = CheckedRun.begin('if-present', { policy });
    run.join('cem');
    run.askCheck();
    const [ada, cem, mal] = ['ada', 'cem', 'mal'].map(name => run.lease(name));
    if (!ada || !cem || !mal) throw new Error('three leases');
    run.accept(ada);
    run.accept(cem);
    expect(run.status).toBe('folding');
    const counted = [ada, cem, mal].map(({ id, volunteer }) => ({
      lease: id,
      volunteer,
      weight: 10,
      scale: 1,
    }));
    const result = { updates: 3, segments: { 'segment-1': [shard(4)] }, counted };
    run.step({ type: 'folded', role: 'whole', round: 1, result });
    const check = run.takeCheck();
    run.found(check, 9);
    expect(run.state.leases.get(mal.id)).toBeDefined();
    run.tell(check, { type: 'harmful', leases: [mal.id] });
    expect(run.state.leases.get(mal.id)).toBeUndefined();
    expect(run.last('update-refused')).toMatchObject({ lease: mal.id, reason: 'harmful' });
  });

  it('[CHECK10] its sender trains again after 2 rounds, 4 the second time, and is told so', () => {
    const { run, check } = hurting();
    run.tell(check, { type: 'harmful', leases: ['mal-1'] });
    run.foldNow(5);
    run.found(run.takeCheck(), 0.9);
    expect(run.ask('mal')).toMatchObject({
      reason: 'a version was worse with an update of this device, so it trains again from round 4 on',
    });
    for (const round of [2, 3]) {
      const lease = run.lease('ada');
      expect(lease.round).toBe(round);
      expect(run.ask('mal').type).toBe('wait');
      run.accept(lease);
      expect(run.status, 'nobody waits for who is held back').toBe('folding');
      run.foldNow(round + 4);
      run.found(run.takeCheck(), 0.9);
    }
    expect(run.lease('mal')).toMatchObject({ round: 4 });
  });

  it('[CHECK10] its sender trains at once if nobody else is able', () => {
    const { run, check } = hurting();
    run.tell(check, { type: 'harmful', leases: ['mal-1'] });
    run.foldNow(5);
    run.found(run.takeCheck(), 0.9);
    for (const id of ['ada', 'host']) run.step({ type: 'presence', here: [], gone: [id] });
    expect(run.lease('mal')).toMatchObject({ round: 2 });
  });

  it('[CHECK8] gives the weights of the version before if nothing of it is named, and tells so', () => {
    const { run, check } = hurting();
    run.tell(check, { type: 'harmful', leases: [] });
    expect(foldRequest(run.config, run.state, 'whole').leftOut).toEqual({
      turn: 2,
      leases: ['ada-1', 'mal-1'],
    });
    run.foldNow(5);
    expect(run.last('version-published')).toMatchObject({
      version: 1,
      taken: false,
      updates: { whole: 0 },
      segments: {},
    });
    expect(run.state.manifest).toEqual({ ...run.kept(0), version: 1 });
    expect(run.state.volunteers.get('mal')?.harmful).toBeUndefined();
    run.fill(6);
    expect(run.askCheck(), 'the same weights are not measured again').toMatchObject({
      measuresBefore: false,
    });
  });

  it('[CHECK8] is published all the same if it does not hurt badly and nothing of it is named', () => {
    for (const end of ['nothing named', 'no time'] as const) {
      const run = CheckedRun.begin();
      run.askCheck();
      run.fill();
      const check = run.takeCheck();
      expect(run.found(check, 1.8)).toMatchObject({ type: 'tell-apart' });
      if (end === 'no time') run.at(120_000).alarm();
      else run.tell(check, { type: 'harmful', leases: [] });
      expect(run.last('version-published')).toMatchObject({ version: 1, check: { before: 1, after: 1.8 } });
      expect(run.has('candidate-refused')).toBe(false);
    }
  });

  it('[CHECK8] gives them too if nobody tells its updates apart in time', () => {
    const { run } = hurting();
    run.at(120_000).alarm();
    run.foldNow(5);
    expect(run.last('version-published')).toMatchObject({ version: 1, taken: false });
  });

  it('[CHECK8] gives them after the third one', () => {
    const { run, check } = hurting({ policy: { updatesPerRound: 2, evaluators: 'referees' } });
    run.tell(check, { type: 'harmful', leases: ['mal-1'] });
    run.foldNow(5);
    const second = run.takeCheck();
    run.found(second, 9);
    // The referee names what is refused already, and so nothing.
    run.tell(second, { type: 'harmful', leases: ['mal-1'] });
    run.foldNow(6);
    expect(run.last('version-published')).toMatchObject({ taken: false });
    expect(run.events.filter(({ type }) => type === 'candidate-refused').length).toBe(2);
  });

  it('[CHECK7] is told once, though its referee comes back and measures again', () => {
    const { run } = hurting();
    const check = run.takeCheck();
    run.found(check, 9);
    run.tell(check, { type: 'harmful', leases: ['mal-1'] });
    expect(run.events.filter(({ type }) => type === 'candidate-refused').length).toBe(1);
  });

  it('[CHECK7] folds of an older release, which left nothing out, do not count', () => {
    const { run, check } = hurting();
    run.tell(check, { type: 'harmful', leases: ['mal-1'] });
    run.fold('whole', { 'segment-1': [shard(4)] }, 2);
    expect(run.status).toBe('folding');
    expect(pendingFolds(run.config, run.state)).toEqual(['whole']);
  });

  it('[CHECK3] losses at other exits than were asked for are refused, and so is a verdict before any loss', () => {
    const run = CheckedRun.begin();
    run.askCheck();
    run.fill();
    const check = run.takeCheck();
    const told = (verdict: CheckVerdict) =>
      run.refusal({ type: 'checked', volunteer: 'host', check, verdict });
    expect(told({ type: 'losses', before: [1], after: [1, 1] })).toBe('malformed');
    expect(told({ type: 'losses', after: [1] })).toBe('malformed');
    expect(told({ type: 'harmful', leases: ['mal-1'] })).toBe('malformed');
  });
});

describe('a candidate with an oversized update', () => {
  /** The loss of chance is 2.303, of ten classes. */
  const found = (after: number, norms: Record<string, number>, before = 2.3) => {
    const run = CheckedRun.begin();
    run.askCheck();
    for (const name of ['ada', 'mal']) run.accept(run.lease(name));
    run.foldNow(4, norms);
    run.found(run.takeCheck(), after, before);
    return run;
  };
  const long = { ada: 1, mal: 8.1, cem: 1 };

  it('[CHECK13] is refused if it is worse than the version before and no better than chance, though it does not hurt', () => {
    const run = found(2.34, long);
    expect(run.last('candidate-refused')).toMatchObject({ version: 1, turn: 1, before: 2.3, after: 2.34 });
    expect(run.last('update-refused')).toMatchObject({ volunteer: 'mal', reason: 'harmful' });
    expect(run.state.volunteers.get('mal')).toMatchObject({ harmful: 1 });
    run.foldNow(5, long);
    run.found(run.takeCheck(), 2.34, 2.3);
    expect(run.last('version-published')).toMatchObject({ version: 1, updates: { whole: 2 } });
  });

  it.each([
    ['it is no worse', 2.3, long],
    ['it is far better than chance', 1.05, long, 1],
    ['its updates are about as long', 2.34, { ada: 1, mal: 8, cem: 1 }],
    ['two are too few to say which one is too long', 2.34, { ada: 1, mal: 100 }],
    ['their lengths are not known', 2.34, {}],
  ] as const)('[CHECK13] is published if %s', (_, after, norms, before?: number) => {
    const run = found(after, norms, before);
    expect(run.last('version-published')).toMatchObject({ version: 1, check: { after } });
    expect(run.has('update-refused')).toBe(false);
  });

  it('[CHECK13] is not told from those of which a cohort of an older release tells no length', () => {
    const run = CheckedRun.begin();
    run.askCheck();
    for (const name of ['ada', 'mal']) run.accept(run.lease(name));
    const counted = ['ada', 'mal', 'cem'].map(volunteer => ({
      ...{ lease: volunteer, volunteer, weight: 10, scale: 1 },
      ...(volunteer === 'ada' && { norm: 1 }),
    }));
    const result = { updates: 3, segments: { 'segment-1': [shard(4)] }, counted };
    run.step({ type: 'folded', role: 'whole', round: 1, result });
    run.found(run.takeCheck(), 2.34, 2.3);
    expect(run.has('version-published')).toBe(true);
    expect(run.has('update-refused')).toBe(false);
  });

  it('[CHECK13] is told by the length that counts, as the rule has cut it', () => {
    const run = CheckedRun.begin('if-present', {});
    run.askCheck();
    for (const name of ['ada', 'mal']) run.accept(run.lease(name));
    const counted = ['ada', 'mal', 'cem'].map(volunteer => ({
      ...{ lease: volunteer, volunteer, weight: 10, norm: volunteer === 'mal' ? 1_000 : 1 },
      scale: volunteer === 'mal' ? 0.001 : 1,
    }));
    const result = { updates: 3, segments: { 'segment-1': [shard(4)] }, counted };
    run.step({ type: 'folded', role: 'whole', round: 1, result });
    run.found(run.takeCheck(), 2.34, 2.3);
    expect(run.has('version-published')).toBe(true);
  });
});
