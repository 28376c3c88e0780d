import { describe, expect, it } from 'vitest';
import { grow, hostedRun, KeptRun, trainers } from './kept-run.ts';
import { conventional, countedRight } from './small-run.ts';

describe('a run whose accuracy falls', () => {
  it('[BACK5] returns to its best version by itself', () => {
    const run = hostedRun();
    for (const correct of [5, 8, 7]) grow(run, correct);
    grow(run, 5);
    expect(run.last('run-taken-back')).toEqual({
      ...{ type: 'run-taken-back', from: 4, to: 2, round: 5, why: 'fell' },
      detail: 'version 4 has 50.0 %, version 2 had 80.0 %',
    });
    run.confirmReturn();
    expect(run.state.manifest).toMatchObject({ version: 5, segments: run.kept(2).segments });
    expect(run.last('version-evaluated')).toMatchObject({ version: 5, accuracy: 0.8 });
  });

  it.each([
    ['by no more than the setting', {}, 6],
    ['if the host wants no such return', { policy: { maxDrop: 0 } }, 1],
    ['by more, but less than the host allows', { policy: { maxDrop: 0.5 } }, 4],
  ])('[BACK5] does not return %s', (_, change, correct) => {
    const run = hostedRun(change);
    grow(run, 8);
    grow(run, correct);
    expect(run.has('run-taken-back')).toBe(false);
  });

  it('[BACK5] does not return by a word that nobody confirmed', () => {
    const run = new KeptRun({ plan: conventional, rounds: 12, policy: { updatesPerRound: 2 } });
    run.control('open');
    for (const name of trainers) run.join(name);
    for (let i = 0; i < 40 && run.state.manifest.version < 8; i++) {
      for (const name of trainers) {
        const reply = run.ask(name);
        if (reply.type !== 'lease') continue;
        const { lease } = reply;
        run.accept(
          lease,
          lease.role === 'evaluator' ? countedRight(lease, lease.round > 2 ? 1 : 9) : undefined,
        );
      }
      if (run.state.round.status === 'folding') run.fold('whole');
    }
    const told = run.events.filter(event => event.type === 'version-evaluated' && event.version > 0);
    expect(told.some(event => event.type === 'version-evaluated' && event.accuracy < 0.2)).toBe(true);
    expect(run.has('run-taken-back')).toBe(false);
  });

  it('[BACK5] does not take a new segment for a fall', () => {
    const plan = { name: 'growing-together', growAt: 0.5 } as const;
    const run = hostedRun({ plan, rounds: 4 });
    for (let version = 1; version <= 3; version++) {
      for (const name of trainers) run.accept(run.lease(name));
      run.fold(version < 3 ? 'student' : 'whole');
      run.judgeAs(['host'], version < 3 ? 9 : 2);
    }
    expect(run.last('version-evaluated')).toMatchObject({ version: 3, accuracy: 0.2 });
    expect(run.has('run-taken-back')).toBe(false);
  });

  it('[BACK6] pauses at the third fall from the same weights, and has them then', () => {
    const run = hostedRun({ rounds: 20 });
    grow(run, 9);
    for (let falls = 1; falls <= 3; falls++) {
      grow(run, 2);
      expect(run.state.phase).toBe(falls < 3 ? 'open' : 'paused');
      run.confirmReturn();
      expect(run.state.manifest.segments).toEqual(run.kept(1).segments);
    }
    expect(run.last('run-paused')).toEqual({
      ...{ type: 'run-paused', why: 'keeps-falling' },
      detail: 'version 6 has 20.0 %, version 5 had 90.0 %',
    });
    run.control('resume');
    grow(run, 2);
    expect(run.state.phase).toBe('open');
  });

  it('[BACK6] counts anew once a newer version is better', () => {
    const run = hostedRun({ rounds: 30 });
    grow(run, 7);
    for (const better of [8, 9]) {
      for (let falls = 1; falls <= 2; falls++) {
        grow(run, 2);
        run.confirmReturn();
      }
      grow(run, better);
    }
    expect(run.has('run-paused')).toBe(false);
  });

  it('[BACK6] counts anew once the run could not return to those weights any more', () => {
    const run = hostedRun({ rounds: 30 });
    grow(run, 9);
    for (let falls = 1; falls <= 2; falls++) {
      grow(run, 2);
      run.confirmReturn();
    }
    for (let judged = 1; judged <= 4; judged++) grow(run, 8);
    expect(run.state.returns).toMatchObject({ count: 2 });
    for (let judged = 5; judged <= 6; judged++) grow(run, 8);
    expect(run.state.returns).toBeUndefined();
  });
});
