import { describe, expect, it } from 'vitest';
import { foldRequest, pendingFolds } from '../../../shared/federation/round/fold-order.ts';
import { checkTask } from '../../../shared/plan/check-task.ts';
import type { CheckVerdict } from '../../../shared/protocol/check.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { KeptRun } from './kept-run.ts';
import { anyDevice, conventional, shard } from './small-run.ts';

type Check = 'off' | 'if-present' | 'always';

/** A run of two volunteers and a referee, whose versions are checked. */
class CheckedRun extends KeptRun {
  private checks = 0;

  static begin(check: Check = 'if-present', spec: Partial<RunSpecInput> = {}): CheckedRun {
    const policy = { updatesPerRound: 2, check, evaluators: 'referees' as const };
    const run = new CheckedRun({ plan: conventional, root: { parts: 1 }, rounds: 40, policy, ...spec });
    run.control('open');
    for (const name of ['ada', 'mal']) run.join(name);
    // It checks, and is too weak to train.
    run.join('host', { ...anyDevice, memoryMB: 0.001 }, true);
    return run;
  }

  askCheck(volunteer = 'host') {
    const { check } = this.step({ type: 'request-check', volunteer, check: `check${++this.checks}` });
    if (!check) throw new Error('no reply');
    return check;
  }

  /** The id of a check that is granted. */
  takeCheck(volunteer = 'host'): string {
    const reply = this.askCheck(volunteer);
    if (reply.type !== 'check') throw new Error(`there is nothing to check: ${reply.type}`);
    return reply.id;
  }

  tell(check: string, verdict: CheckVerdict, volunteer = 'host') {
    return this.step({ type: 'checked', volunteer, check, verdict }).verdict;
  }

  /** What a check finds. The version before has a loss of 1, at its only exit. */
  found(check: string, after: number) {
    return this.tell(check, { type: 'losses', before: [1], after: [after] });
  }

  /** Both train, and the role folds to shards of this number, of updates with these leases. */
  fill(number = 4): void {
    for (const name of ['ada', 'mal']) this.accept(this.lease(name));
    this.foldNow(number);
  }

  /** What the cohort makes of it, without what is left out. */
  foldNow(number: number): void {
    const { leftOut } = foldRequest(this.config, this.state, 'whole');
    const { number: round } = this.state.round;
    const counted = ['ada', 'mal']
      .map(volunteer => ({ lease: `${volunteer}-${round}`, volunteer, weight: 10, scale: 1 }))
      .filter(({ lease }) => !leftOut?.leases.includes(lease));
    const segments = counted.length > 0 ? { 'segment-1': [shard(number)] } : {};
    const turn = leftOut && { turn: leftOut.turn };
    const result = { updates: counted.length, segments, counted, ...turn };
    this.step({ type: 'folded', role: 'whole', round, result });
  }

  get status(): string {
    return this.state.round.status;
  }
}

describe('whether versions are checked', () => {
  it('[CHECK1] a run without a root set, or that says so, publishes at once and says nothing of it', () => {
    for (const run of [CheckedRun.begin('off'), CheckedRun.begin('if-present', { root: undefined })]) {
      run.askCheck();
      run.fill();
      expect(run.last('version-published')).not.toHaveProperty('check');
      expect(run.has('version-checking')).toBe(false);
    }
  });

  it('[CHECK1] [CHECK5] without a referee that checks, a version is out at once, and the ledger says so', () => {
    const run = CheckedRun.begin();
    run.fill();
    expect(run.last('version-published')).toMatchObject({ version: 1, check: null });
    expect(run.status).toBe('unopened');
  });

  it('[CHECK2] with one, the round leases no training until it is checked', () => {
    const run = CheckedRun.begin();
    expect(run.askCheck()).toEqual({ type: 'wait', retryAfterMs: 10_000 });
    run.fill();
    expect(run.status).toBe('checking');
    expect(run.last('version-checking')).toEqual({ type: 'version-checking', version: 1, turn: 1 });
    expect(run.ask('ada')).toMatchObject({ type: 'wait', reason: 'a referee checks the next version' });
    expect(pendingFolds(run.config, run.state)).toEqual([]);
  });
});

describe('a check', () => {
  it('[CHECK2] [CHECK3] names both versions, the root set and the exits, and publishes what does not hurt', () => {
    const run = CheckedRun.begin();
    run.askCheck();
    run.fill();
    const check = run.askCheck();
    expect(check).toMatchObject({ type: 'check', round: 1, turn: 1, parts: [3], measuresBefore: true });
    if (check.type !== 'check') return;
    expect(check.task).toMatchObject({ trains: [], path: ['segment-1', 'segment-2'] });
    expect(check.before).toBe(run.state.manifest);
    expect(check.candidate.segments['segment-1']).toEqual({ version: 1, shards: [shard(4)] });
    expect(run.found(check.id, 0.9)).toEqual({ type: 'over' });
    const told = { by: 'host', before: 1, after: 0.9 };
    expect(run.last('version-published')).toMatchObject({ version: 1, check: told, updates: { whole: 2 } });
    expect(run.state.manifest).toEqual(check.candidate);
    run.fill(5);
    expect(run.askCheck(), 'the version before was measured').toMatchObject({ measuresBefore: false });
  });

  it('[CHECK3] of several tasks is no measure of the whole version, so that is measured the next time', () => {
    const run = CheckedRun.begin('if-present', { plan: { name: 'layer-to-layer' } });
    const { spec, model } = run.config;
    const losses = checkTask(spec, model, 1).exits.map(() => 1);
    expect(losses.length).toBeGreaterThan(1);
    run.askCheck();
    const round = run.state.round.number;
    for (const name of ['ada', 'mal']) run.accept(run.lease(name));
    for (const role of pendingFolds(run.config, run.state))
      run.step({ type: 'folded', role, round, result: { updates: 1, segments: {}, counted: [] } });
    run.tell(run.takeCheck(), { type: 'losses', before: losses, after: losses });
    expect(run.state.manifest.version).toBe(1);
    expect(run.state.measured?.map(({ version }) => version)).toEqual([0]);
  });

  it('[CHECK4] is of one referee at a time, who may begin anew, and of referees only', () => {
    const run = CheckedRun.begin();
    run.join('other', anyDevice, true);
    run.askCheck();
    run.fill();
    const first = run.takeCheck();
    expect(run.askCheck('other')).toEqual({ type: 'wait', retryAfterMs: 10_000 });
    const second = run.takeCheck();
    const verdict: CheckVerdict = { type: 'losses', before: [1], after: [1] };
    for (const [volunteer, check] of [
      ['host', first],
      ['other', second],
    ] as const)
      expect(run.refusal({ type: 'checked', volunteer, check, verdict })).toBe('unknown-lease');
    expect(run.refusal({ type: 'request-check', volunteer: 'ada', check: 'x' })).toBe('forbidden');
    expect(run.refusal({ type: 'request-check', volunteer: 'nobody', check: 'x' })).toBe('unauthorised');
    expect(run.refusal({ type: 'checked', volunteer: 'ada', check: second, verdict })).toBe('forbidden');
    expect(run.found(second, 1)).toEqual({ type: 'over' });
  });

  it('[CHECK4] [CHECK5] that nobody ends in time is somebody else’s, and then the version is out unchecked', () => {
    const run = CheckedRun.begin();
    run.join('other', anyDevice, true);
    for (const name of ['host', 'other']) run.askCheck(name);
    run.fill();
    run.takeCheck();
    run.at(119_000).askCheck('other');
    run.at(1_000).alarm();
    expect(run.status).toBe('checking');
    expect(run.state.volunteers.get('host')?.checks).toBe(false);
    run.takeCheck('other');
    run.at(120_000).alarm();
    expect(run.last('version-published')).toMatchObject({ version: 1, check: null });
  });

  it('[CHECK5] that nobody takes is not waited for longer than half a minute, or until the referee goes', () => {
    const late = CheckedRun.begin();
    late.askCheck();
    late.fill();
    late.at(29_999).alarm();
    expect(late.status).toBe('checking');
    late.at(1).alarm();
    expect(late.last('version-published')).toMatchObject({ check: null });
    const gone = CheckedRun.begin();
    gone.askCheck();
    gone.fill();
    gone.takeCheck();
    gone.step({ type: 'presence', here: [], gone: ['host'] });
    expect(gone.last('version-published')).toMatchObject({ check: null });
  });

  it('[CHECK1] with `always`, a round waits for its referee', () => {
    const run = CheckedRun.begin('always');
    run.fill();
    run.at(3_600_000).alarm();
    expect(run.status).toBe('checking');
    run.found(run.takeCheck(), 1);
    expect(run.last('version-published')).toMatchObject({ version: 1 });
  });

  it('[CHECK11] goes on in a pause, and ends with a run that is taken back or finished', () => {
    const run = CheckedRun.begin();
    run.askCheck();
    run.fill();
    run.control('pause');
    run.found(run.takeCheck(), 1);
    expect(run.state.manifest.version).toBe(1);
    run.control('resume');
    run.fill(5);
    const check = run.takeCheck();
    run.takeBack(0);
    const verdict: CheckVerdict = { type: 'losses', after: [1] };
    expect(run.refusal({ type: 'checked', volunteer: 'host', check, verdict })).toBe('unknown-lease');
    run.confirmReturn();
    expect(run.state.manifest.segments).toEqual(run.kept(0).segments);
    run.control('finish');
    expect(run.askCheck()).toEqual({ type: 'finished' });
  });

  it('[RUN8] [CHECK4] that is at hand ends no later than a whole lease from now if the clock is set back', () => {
    const run = CheckedRun.begin();
    run.askCheck();
    run.fill();
    run.takeCheck();
    run.at(-1_000_000).alarm();
    const { round } = run.state;
    expect(round.status === 'checking' && round.check.by?.until).toBe(run.now + 120_000);
  });
});

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
