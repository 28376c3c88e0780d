import { describe, expect, it } from 'vitest';
import { markOf } from '../../../shared/federation/volunteer/group-mark.ts';
import { hasHelped, standingValue } from '../../../shared/federation/volunteer/standing.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { NEUTRAL, type WorkOutcome, workOutcomes } from '../../../shared/protocol/standing.ts';
import { conventional, countedRight, SmallRun } from './small-run.ts';

const workers = ['volunteer0', 'volunteer1', 'volunteer2'];
const others = ['eva', 'eve'];

/** Two others join first and send one update each, which is worth this. Then the workers train one version. */
function runAfter(outcome: WorkOutcome | 'nothing', change: Partial<RunSpecInput> = {}): SmallRun {
  const run = new SmallRun({ plan: conventional, rounds: 2, policy: { updatesPerRound: 2 }, ...change });
  run.control('open');
  for (const name of [...others, ...workers]) run.join(name);
  const first = outcome === 'nothing' ? workers.slice(0, 2) : others;
  for (const name of first) run.accept(run.lease(name));
  run.foldAs('whole', { [outcome === 'nothing' ? 'helped' : outcome]: first });
  train(run, workers.slice(0, 2));
  // Version 0 is judged already, or its evaluation would come first.
  settle(run, 0, workers, 1);
  return run;
}

function train(run: SmallRun, names: readonly string[]): void {
  const { version } = run.state.manifest;
  for (let i = 0; i < 20 && run.state.round.status !== 'folding'; i++)
    for (const name of names) {
      const reply = run.at(1_000).ask(name);
      if (reply.type === 'lease')
        run.accept(reply.lease, reply.lease.role === 'evaluator' ? countedRight(reply.lease, 1) : undefined);
    }
  run.foldAs('whole', { helped: [...names] });
  expect(run.state.manifest.version).toBe(version + 1);
}

/** These count so many right of each part, as long as this version is judged and they are asked. */
function settle(run: SmallRun, version: number, names: readonly string[], correct: number): void {
  for (let i = 0; i < 10; i++)
    for (const name of names) {
      if (run.state.evaluation?.manifest.version !== version) return;
      const reply = run.ask(name);
      if (reply.type === 'lease') run.accept(reply.lease, countedRight(reply.lease, correct));
    }
}

const target: Partial<RunSpecInput> = { stopAtTarget: true, targetAccuracy: 0.8 };

describe('confirming', () => {
  it.each(['helped', 'untold'] as const)(
    '[EVAL13] [RUN5] two who did not train a version end the run if an update of each was %s',
    outcome => {
      const run = runAfter(outcome, target);
      settle(run, 2, others, 9);
      expect(run.last('version-evaluated')).toMatchObject({ version: 2, accuracy: 0.9 });
      expect(run.last('version-evaluated')).not.toHaveProperty('confirmed');
      expect(run.last('run-finished')?.why).toBe('target');
    },
  );

  const worthless = workOutcomes.filter(outcome => outcome !== 'helped' && outcome !== 'untold');
  it.each(['nothing', ...worthless] as const)('[EVAL13] two whose only update was %s end no run', outcome => {
    const run = runAfter(outcome, target);
    settle(run, 2, others, 9);
    expect(run.last('version-evaluated')).toMatchObject({ version: 2, accuracy: 0.9, confirmed: false });
    expect(run.last('run-finished')?.why).toBe('rounds');
  });

  it('[EVAL13] [EVAL8] nobody waits for a second one who has not helped', () => {
    const run = runAfter('nothing', target);
    run.join('ann');
    run.helped('ann');
    settle(run, 2, ['ann', 'volunteer0'], 7);
    expect(run.last('version-evaluated')).toMatchObject({ version: 2, accuracy: 0.7, confirmed: false });
  });

  it('[EVAL13] whoever has lost what it earned confirms nothing until it helps again', () => {
    const run = runAfter('helped', target);
    const lost = run.state.volunteers.get('eve');
    if (!lost) throw new Error('no eve');
    const standing = { value: 0.42, version: 1, why: 'contradicted' } as const;
    run.state = { ...run.state, volunteers: run.state.volunteers.put({ ...lost, standing }) };
    settle(run, 2, others, 9);
    settle(run, 2, workers, 9);
    expect(run.last('version-evaluated')).toMatchObject({ version: 2, confirmed: false });
  });

  it('[EVAL13] whoever has helped has so for good, as time alone goes: its standing rounds to a newcomer’s at last', () => {
    const run = runAfter('helped', target);
    const row = run.state.volunteers.get('eve');
    if (!row) throw new Error('no eve');
    const now = { manifest: { ...run.state.manifest, version: 3_000 } };
    expect(standingValue(now, row)).toBe(NEUTRAL);
    expect(hasHelped(row)).toBe(true);
    expect(markOf(row, run.now)).toBe('helped');
  });

  it('[EVAL13] what was counted before its volunteer helped confirms nothing afterwards either', () => {
    const run = runAfter('nothing', target);
    settle(run, 2, ['eva'], 9);
    for (const name of others) run.helped(name);
    settle(run, 2, ['eve', 'volunteer0', 'volunteer1'], 9);
    expect(run.last('version-evaluated')).toMatchObject({ version: 2, confirmed: false });
  });

  it('[EVAL13] [EVAL11] a judgement that an older release kept says nothing of it, and confirms nothing', () => {
    const run = runAfter('helped', target);
    settle(run, 2, ['eva'], 9);
    const { evaluation } = run.state;
    if (!evaluation) throw new Error('nothing is judged');
    const judgements = evaluation.judgements.map(({ hasHelped: _, ...older }) => older);
    run.state = { ...run.state, evaluation: { ...evaluation, judgements } };
    settle(run, 2, ['eve', 'volunteer0', 'volunteer1'], 9);
    expect(run.last('version-evaluated')).toMatchObject({ version: 2, confirmed: false });
  });
});

describe('sparing', () => {
  /** These train every version and say that the target is reached, until somebody is spared. Two others came first. */
  function doubted(names: readonly string[], rounds = 8): SmallRun {
    const run = new SmallRun({ plan: conventional, rounds, policy: { updatesPerRound: 4 }, ...target });
    run.control('open');
    for (const name of [...others, ...names]) run.join(name);
    untilSpared(run, names);
    return run;
  }

  /** Or until the run is over. */
  function untilSpared(run: SmallRun, names: readonly string[]): void {
    for (let i = 0; i < 500 && run.state.phase === 'open' && !run.state.spared; i++)
      trainAndJudge(run, names);
  }

  function trainAndJudge(run: SmallRun, names: readonly string[]): void {
    for (const name of names) {
      const reply = run.at(1_000).ask(name);
      if (reply.type !== 'lease') continue;
      const { role, round } = reply.lease;
      run.accept(
        reply.lease,
        role === 'evaluator' ? countedRight(reply.lease, round > 0 ? 9 : 1) : undefined,
      );
    }
    if (run.state.round.status === 'folding')
      run.foldAs('whole', { helped: [...(run.state.round.served.whole ?? [])] });
  }

  const four = [...workers, 'volunteer3'];

  it('[EVAL12] is of two who have helped, though others came first', () => {
    expect(doubted(four).state.spared).toEqual(['volunteer0', 'volunteer1']);
  });

  it('[EVAL12] is of those with the highest standing', () => {
    const run = doubted(four, 40);
    for (let i = 0; i < 3; i++) for (const name of ['volunteer1', 'volunteer3']) run.helped(name);
    const { spared: _, ...state } = run.state;
    run.state = state;
    untilSpared(run, four);
    expect(run.state.spared).toEqual(['volunteer1', 'volunteer3']);
  });

  it('[EVAL12] is of nobody if only two have helped, and the run ends with its last round', () => {
    const run = doubted(workers.slice(0, 2));
    expect(run.state.spared).toBeUndefined();
    const told = run.events.filter(event => event.type === 'version-evaluated' && event.version > 0);
    expect(told.every(event => event.type === 'version-evaluated' && event.confirmed === false)).toBe(true);
    expect(run.last('run-finished')?.why).toBe('rounds');
  });

  it('[EVAL12] follows no word of somebody who only judges', () => {
    const said = (names: readonly string[]): SmallRun => {
      const run = runAfter('nothing', { ...target, rounds: 9 });
      run.helped('volunteer2');
      const { version } = run.state.evaluation?.manifest ?? { version: 0 };
      // It lags then, so anyone may judge it. Nobody else is here who could confirm it.
      for (let round = 3; round <= 4; round++) {
        for (const name of workers.slice(0, 2)) run.accept(run.lease(name));
        run.fold('whole');
      }
      settle(run, version, names, 9);
      expect(run.last('version-evaluated')).toMatchObject({ version, accuracy: 0.9, confirmed: false });
      return run;
    };
    expect(said(workers).state.spared).toEqual(['volunteer0', 'volunteer1']);
    expect(said(['eva', ...workers]).state.spared).toBeUndefined();
  });

  it('[EVAL12] ends for a round in which the others are here and do not train', () => {
    const run = doubted(four);
    const { version } = run.state.manifest;
    for (let i = 0; i < 20 && run.state.manifest.version === version; i++) trainAndJudge(run, four);
    for (let i = 0; i < 20 && run.ask('volunteer0').type === 'lease'; i++) trainAndJudge(run, ['volunteer0']);
    expect(run.ask('volunteer0')).toMatchObject({
      reason: 'this device has no training task, so that it can test the next version',
    });
    run.at(1_600);
    run.step({ type: 'presence', here: four, gone: [] });
    expect(run.lease('volunteer0').role).toBe('whole');
  });
});
