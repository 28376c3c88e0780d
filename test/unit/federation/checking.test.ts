import { describe, expect, it } from 'vitest';
import { pendingFolds } from '../../../shared/federation/round/fold-order.ts';
import { checkTask } from '../../../shared/plan/check-task.ts';
import type { CheckVerdict } from '../../../shared/protocol/check.ts';
import { CheckedRun } from './checked-run.ts';
import { anyDevice, shard } from './small-run.ts';

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
    // [CLOSE5] The version that it returned to was never judged.
    run.control('finish-now');
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
