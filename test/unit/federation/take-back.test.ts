import { describe, expect, it } from 'vitest';
import { waitHint } from '../../../shared/federation/lease/wait-hint.ts';
import { pendingFolds, pendingTakeBack } from '../../../shared/federation/round/fold-order.ts';
import { grow, hostedRun, KeptRun, trainers } from './kept-run.ts';
import { shard } from './small-run.ts';

describe('a run that its host takes back', () => {
  it('[BACK1] [BACK2] gets the older weights as its next version, and the ledger tells from which to which', () => {
    const run = hostedRun();
    for (const correct of [5, 6]) grow(run, correct);
    run.takeBack(1);
    expect(run.last('run-taken-back')).toEqual({
      ...{ type: 'run-taken-back', from: 2, to: 1, round: 3, why: 'host' },
    });
    run.confirmReturn();
    expect(run.state.manifest).toEqual({ version: 3, segments: run.kept(1).segments });
    expect(run.state.round).toMatchObject({ status: 'unopened', number: 4, served: {} });
    expect(run.last('version-published')).toEqual({
      ...{ type: 'version-published', version: 3, round: 3, updates: {}, weightsOf: 1 },
      segments: { 'segment-1': [shard(1).sha256], 'segment-2': [shard(4).sha256] },
    });
    expect(run.lease('volunteer0')).toMatchObject({ role: 'whole', round: 4 });
  });

  it('[BACK3] ends its leases, and what was trained on the version that it left counts no more', () => {
    const run = hostedRun();
    for (const correct of [5, 6]) grow(run, correct);
    const [one, two] = [run.lease('volunteer0'), run.lease('volunteer1')];
    run.accept(two);
    run.takeBack(1);
    expect(run.last('lease-ended')).toMatchObject({
      lease: one.id,
      why: 'the run was taken back to version 1',
    });
    expect(run.state.leases.size).toBe(0);
    const reply = run.ask('volunteer0');
    expect(reply).toMatchObject({ type: 'wait', reason: 'the run is being taken back to version 1' });
    run.confirmReturn();
    run.accept(one);
    expect(run.state.round).toMatchObject({ status: 'unopened', number: 4 });
    expect(run.state.round.late).toBeUndefined();
  });

  it('[BACK3] forgets late updates that had come for rounds which have not begun', () => {
    const run = hostedRun();
    grow(run, 5);
    const [one, two] = [run.lease('volunteer0'), run.lease('volunteer1')];
    run.join('volunteer2');
    const three = run.lease('volunteer2');
    run.accept(one);
    run.accept(two);
    expect(run.state.round.status).toBe('folding');
    const { id, volunteer, round } = three;
    const { metrics, ...entry } = {
      lease: id,
      volunteer,
      round,
      bytes: 50,
      ok: true as const,
      sha256: shard(4).sha256,
      norm: 1,
      metrics: { samples: 10, loss: 2, trainMs: 1_000, downloadBytes: 100, backend: 'wasm' },
    };
    run.step({ type: 'report', role: 'whole', entries: [{ ...entry, countsIn: 3, metrics }] });
    expect(run.state.round.upcoming).toBeDefined();
    run.takeBack(0);
    run.confirmReturn();
    expect(run.state.round).toEqual({ status: 'unopened', number: 3, served: {}, idleSince: null });
  });

  it('[BACK4] waits until its cohorts know, whatever folds end meanwhile, and goes on if that fails often', () => {
    const run = hostedRun();
    for (const correct of [5, 6]) grow(run, correct);
    for (const name of trainers) run.accept(run.lease(name));
    run.takeBack(1);
    expect(pendingFolds(run.config, run.state)).toEqual([]);
    expect(pendingTakeBack(run.state)).toEqual({ round: 3, to: 1 });
    run.step({
      type: 'folded',
      role: 'whole',
      round: 3,
      result: { updates: 2, segments: { 'segment-1': [shard(9)] } },
    });
    expect(run.state.manifest.version).toBe(2);
    for (let i = 0; i < 6; i++) {
      run.step({ type: 'fold-tried', role: 'whole', round: 3, failure: 'the cohort is away' });
      run.at(400_000);
    }
    expect(run.last('run-paused')).toMatchObject({ why: 'fold-failed' });
    run.control('resume');
    run.confirmReturn();
    expect(run.state.manifest).toMatchObject({ version: 3, segments: run.kept(1).segments });
  });

  it('[BACK1] can be taken back while it is paused, and is as often as its host wants', () => {
    const run = hostedRun();
    for (const correct of [5, 6]) grow(run, correct);
    run.control('pause');
    run.takeBack(1);
    run.takeBack(1);
    expect(run.refusal({ type: 'take-back', to: 0 })).toBe('run-not-open');
    run.confirmReturn();
    run.takeBack(0);
    run.confirmReturn();
    expect(run.state.manifest).toEqual({ version: 4, segments: run.kept(0).segments });
    expect(run.state.phase).toBe('paused');
  });

  it('[BACK3] evaluates nothing until the next version is out, though its host pauses and resumes it', () => {
    const run = hostedRun();
    run.trainAs(trainers);
    expect(run.state.evaluation?.manifest.version).toBe(1);
    run.takeBack(0);
    run.control('pause');
    run.control('resume');
    expect(run.state.evaluation).toBeNull();
    expect(run.ask('host').type).toBe('wait');
  });

  it.each([
    ['a draft', () => new KeptRun(), 0],
    ['a finished run', () => finished(hostedRun()), 0],
    ['one whose rounds are all done', () => trained(hostedRun({ rounds: 1 })), 0],
    ['one that never had this version', () => hostedRun(), 3],
  ])('[BACK1] is refused for %s', (_, make, to) => {
    expect(make().refusal({ type: 'take-back', to })).toBe('run-not-open');
  });

  it('[BACK1] ends as usual if the round that is taken back is the last one', () => {
    const run = hostedRun({ rounds: 2 });
    grow(run, 5);
    run.takeBack(1);
    run.confirmReturn();
    expect(run.last('run-finished')?.why).toBe('rounds');
    expect(run.last('version-evaluated')).toMatchObject({ version: 2, accuracy: 0.5 });
  });

  it('[BACK7] is not judged again where the older version was, and is if that was not judged lately', () => {
    const run = hostedRun();
    for (const correct of [5, 6]) grow(run, correct);
    run.takeBack(1);
    run.confirmReturn();
    expect(run.last('version-evaluated')).toEqual({
      ...{ type: 'version-evaluated', version: 3, examples: 40, accuracy: 0.5, loss: 0.5 },
    });
    expect(run.state.evaluation).toBeNull();
    for (const correct of [6, 6, 6, 6, 6]) grow(run, correct);
    run.takeBack(1);
    run.confirmReturn();
    expect(run.state.evaluation?.manifest.version).toBe(9);
  });
});

const finished = (run: KeptRun): KeptRun => {
  run.control('finish');
  return run;
};

const trained = (run: KeptRun): KeptRun => {
  run.trainAs(trainers);
  return run;
};

describe('waiting for a return', () => {
  it('[LEASE16] is no longer than usual', () => {
    const run = hostedRun();
    grow(run, 5);
    run.takeBack(0);
    const volunteer = run.state.volunteers.get('volunteer0');
    if (!volunteer) throw new Error('nobody is here');
    expect(waitHint(run.config, run.state, volunteer, run.now).retryAfterMs).toBeLessThan(2_000);
  });
});
