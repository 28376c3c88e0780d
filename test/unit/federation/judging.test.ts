import { describe, expect, it } from 'vitest';
import { agree } from '../../../shared/federation/evaluation/agreement.ts';
import type { LeaseState } from '../../../shared/federation/lease/lease-state.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { anyDevice, conventional, countedRight, SmallRun } from './small-run.ts';

/** Too weak to train, so it is asked for nothing but evaluations. */
const weak = { ...anyDevice, memoryMB: 0.001 };

/** Two trainers, and some who helped once and judge. Version 1 is the last one, so everybody may judge it. */
function judgedRun(
  judges: readonly string[],
  change: Partial<RunSpecInput> = {},
  trainers: readonly string[] = ['volunteer0', 'volunteer1'],
): SmallRun {
  const run = new SmallRun({ plan: conventional, rounds: 1, ...change });
  run.control('open');
  for (const name of trainers) run.join(name);
  for (const name of judges) run.join(name, weak);
  for (const name of judges) run.helped(name);
  for (const name of trainers) run.accept(run.lease(name));
  run.fold('whole');
  // Version 0 is judged already, or its evaluation would come first.
  settleFirst(run, [...judges, ...trainers]);
  expect(run.state.evaluation?.manifest.version).toBe(1);
  return run;
}

function settleFirst(run: SmallRun, names: readonly string[]): void {
  for (let i = 0; i < 20 && run.state.evaluation?.manifest.version === 0; i++)
    for (const name of names) {
      if (run.state.evaluation?.manifest.version !== 0) return;
      const reply = run.ask(name);
      if (reply.type === 'lease') run.accept(reply.lease, countedRight(reply.lease, 1));
    }
}

/** Takes leases of the evaluation as long as there are any, and counts so many right of each part. */
function judge(run: SmallRun, name: string, correct: number): LeaseState[] {
  const leases: LeaseState[] = [];
  for (let reply = run.ask(name); reply.type === 'lease'; reply = run.ask(name)) {
    expect(reply.lease.role).toBe('evaluator');
    leases.push(reply.lease);
    run.accept(reply.lease, countedRight(reply.lease, correct));
  }
  return leases;
}

describe('judging by volunteers', () => {
  it('[EVAL7] [EVAL13] takes two who have helped, did not train the version and agree', () => {
    const run = judgedRun(['eva', 'eve']);
    judge(run, 'eva', 8);
    expect(run.last('version-evaluated')?.version).toBe(0);
    for (const name of ['eve', 'eva', 'eve']) judge(run, name, 8);
    expect(run.last('version-evaluated')).toEqual({
      ...{ type: 'version-evaluated', version: 1, examples: 40, accuracy: 0.8, loss: 0.2 },
    });
  });

  it('[KEY2] [EVAL7] does not count whom the host removed, and its parts are judged again', () => {
    const run = judgedRun(['eva', 'eve', 'ida']);
    judge(run, 'eva', 10);
    run.step({ type: 'remove', volunteer: 'eva' });
    for (const name of ['eve', 'ida', 'eve', 'ida']) judge(run, name, 5);
    expect(run.last('version-evaluated')).toMatchObject({ version: 1, accuracy: 0.5 });
    expect(run.has('judgement-contradicted')).toBe(false);
  });

  it('[EVAL5] asks nobody who trained the version, as long as others can confirm it', () => {
    const run = judgedRun(['eva', 'eve']);
    expect(run.ask('volunteer0').type).toBe('wait');
    expect(run.lease('eva').role).toBe('evaluator');
  });

  it('[EVAL3] nobody judges a part twice', () => {
    const run = judgedRun(['eva', 'eve']);
    const mine = [...judge(run, 'eva', 8), ...judge(run, 'eve', 8), ...judge(run, 'eva', 8)]
      .filter(({ volunteer }) => volunteer === 'eva')
      .flatMap(({ parts }) => parts);
    expect(mine.toSorted()).toEqual([0, 1, 2, 3]);
  });

  it('[EVAL7] [EVAL10] asks a third if two disagree, and the ledger says whose word was wrong', () => {
    const run = judgedRun(['eva', 'eve', 'liar']);
    const names = ['liar', 'eva', 'eve'];
    for (let i = 0; i < 4; i++) for (const name of names) judge(run, name, name === 'liar' ? 10 : 3);
    expect(run.last('version-evaluated')).toMatchObject({ version: 1, examples: 40, accuracy: 0.3 });
    expect(run.last('version-evaluated')).not.toHaveProperty('confirmed');
    const contradicted = run.events.filter(({ type }) => type === 'judgement-contradicted');
    expect(contradicted).toEqual([
      { type: 'judgement-contradicted', version: 1, volunteer: 'liar', parts: 4 },
    ]);
    expect(run.state.volunteers.get('liar')?.contradicted).toBe(1);
    expect(run.state.volunteers.get('eva')?.contradicted).toBeUndefined();
  });

  it('[EVAL7] a referee is enough, whatever it has trained and others say', () => {
    const run = new SmallRun({ plan: conventional, rounds: 1 });
    run.control('open');
    run.join('host', anyDevice, true);
    run.accept(run.lease('host'));
    run.fold('whole');
    judge(run, 'host', 4);
    expect(run.last('version-evaluated')).toEqual({
      ...{ type: 'version-evaluated', version: 1, examples: 40, accuracy: 0.4, loss: 0.6 },
    });
  });

  it('[EVAL8] of a run of one shows its accuracy, and says that nobody confirmed it', () => {
    const run = SmallRun.open(1, { plan: conventional, rounds: 1 });
    run.accept(run.lease('volunteer0'));
    run.fold('whole');
    judge(run, 'volunteer0', 10);
    expect(run.last('version-evaluated')).toMatchObject({ version: 1, accuracy: 1, confirmed: false });
    expect(run.last('run-finished')?.why).toBe('rounds');
  });

  it('[EVAL8] goes on without confirmation once those who could give it have failed twice', () => {
    const run = judgedRun(['eva', 'sybil']);
    judge(run, 'eva', 7);
    for (let i = 0; i < 2; i++) {
      const lease = run.lease('sybil');
      run.step({ type: 'release', volunteer: 'sybil', lease: lease.id, reason: 'no' });
    }
    judge(run, 'volunteer0', 7);
    expect(run.last('version-evaluated')).toMatchObject({ version: 1, accuracy: 0.7, confirmed: false });
  });

  it('[EVAL8] waits no longer for those who are here and do nothing than two leases last', () => {
    const run = judgedRun(['eva', 'sybil']);
    judge(run, 'eva', 7);
    const { leaseMs } = run.config.spec.policy;
    const stayHere = (): unknown => run.step({ type: 'presence', here: ['eva', 'sybil'], gone: [] });
    run.at(leaseMs);
    stayHere();
    run.at(leaseMs);
    stayHere();
    expect(run.ask('volunteer0').type).toBe('wait');
    run.at(1);
    judge(run, 'volunteer0', 7);
    expect(run.last('version-evaluated')).toMatchObject({ version: 1, accuracy: 0.7, confirmed: false });
  });

  it('[EVAL8] takes the one in the middle if no two agree and nobody is left to ask', () => {
    const run = judgedRun(['eva', 'eve', 'ann']);
    for (const [name, correct] of Object.entries({ eva: 2, eve: 9, ann: 5 })) {
      const lease = run.lease(name);
      expect(lease.parts).toEqual([0, 1]);
      run.accept(lease, countedRight(lease, correct));
    }
    judge(run, 'volunteer0', 5);
    expect(run.last('version-evaluated')).toMatchObject({ version: 1, accuracy: 0.5, confirmed: false });
    expect(run.has('judgement-contradicted')).toBe(false);
  });

  it('[EVAL9] draws every second part for a version between, and all for the last one', () => {
    const run = laggingRun({ rounds: 5 });
    const lease = run.lease('eva');
    expect(lease.parts).toEqual([0, 2]);
    run.accept(lease);
    expect(run.lease('eve').parts).toEqual([0, 2]);
    expect(judgedRun(['eva', 'eve']).state.evaluation?.parts).toEqual([0, 1, 2, 3]);
  });

  it('[EVAL9] draws the rest before an accuracy ends the run [RUN5]', () => {
    const run = laggingRun({ rounds: 5, stopAtTarget: true, targetAccuracy: 0.8 });
    judge(run, 'eva', 9);
    judge(run, 'eve', 9);
    expect(run.last('version-evaluated')?.version).toBe(0);
    judge(run, 'eva', 9);
    expect(run.last('version-evaluated')).toMatchObject({ version: 1, examples: 40, accuracy: 0.9 });
    // [CLOSE1] A newer one is out.
    expect(run.last('run-closing')?.why).toBe('target');
  });

  it('[RUN5] no single volunteer ends a run by its word', () => {
    const run = SmallRun.open(1, { plan: conventional, rounds: 3, stopAtTarget: true, targetAccuracy: 0.8 });
    for (let i = 0; i < 12 && run.state.phase === 'open'; i++) {
      const reply = run.ask('volunteer0');
      if (reply.type !== 'lease') break;
      if (reply.lease.role === 'evaluator') run.accept(reply.lease, countedRight(reply.lease, 10));
      else {
        run.accept(reply.lease);
        run.fold('whole');
      }
    }
    expect(run.last('run-finished')?.why).toBe('rounds');
    expect(run.state.manifest.version).toBe(3);
  });

  it('[EVAL11] what an older release counted confirms nothing and contradicts nothing', () => {
    const run = judgedRun(['eva', 'old']);
    const lease = run.lease('old');
    const { byPart: _, ...older } = countedRight(lease, 1);
    run.accept(lease, older);
    for (let i = 0; i < 3; i++) judge(run, 'eva', 9);
    judge(run, 'volunteer0', 9);
    expect(run.last('version-evaluated')).toMatchObject({ version: 1, confirmed: false });
    expect(run.has('judgement-contradicted')).toBe(false);
  });

  it('[EVAL12] spares two volunteers if the target seems reached, so that the next version can be confirmed', () => {
    const policy = { updatesPerRound: 4 };
    const names = ['volunteer0', 'volunteer1', 'volunteer2', 'volunteer3'];
    const run = SmallRun.open(4, {
      plan: conventional,
      rounds: 9,
      policy,
      stopAtTarget: true,
      targetAccuracy: 0.8,
    });
    for (let i = 0; i < 60 && run.state.phase === 'open'; i++)
      for (const name of names) {
        const reply = run.ask(name);
        if (reply.type === 'lease')
          run.accept(
            reply.lease,
            reply.lease.role === 'evaluator'
              ? countedRight(reply.lease, reply.lease.round > 0 ? 9 : 1)
              : undefined,
          );
        run.at(1_000);
        if (run.state.round.status === 'folding')
          run.foldAs('whole', { untold: [...(run.state.round.served.whole ?? [])] });
      }
    const verdicts = run.events.filter(event => event.type === 'version-evaluated' && event.version > 0);
    expect(verdicts[0]).toMatchObject({ accuracy: 0.9, confirmed: false });
    expect(verdicts.at(-1)).not.toHaveProperty('confirmed');
    expect(run.last('run-finished')?.why).toBe('target');
    expect(run.state.manifest.version).toBeLessThan(6);
  });

  it('[EVAL12] spares nobody any more once a referee is here', () => {
    const policy = { updatesPerRound: 4 };
    const run = SmallRun.open(4, {
      ...{ plan: conventional, rounds: 9, policy, stopAtTarget: true, targetAccuracy: 0.8 },
    });
    const names = Array.from(run.state.volunteers.values(), ({ id }) => id);
    for (let i = 0; i < 40 && !run.state.spared; i++)
      for (const name of names) {
        const reply = run.ask(name);
        if (reply.type !== 'lease') continue;
        const { role } = reply.lease;
        run.accept(reply.lease, role === 'evaluator' ? countedRight(reply.lease, 9) : undefined);
        if (run.state.round.status === 'folding')
          run.foldAs('whole', { untold: [...(run.state.round.served.whole ?? [])] });
      }
    expect(run.state.spared).toEqual(['volunteer0', 'volunteer1']);
    // It has judged all that it may, and gets nothing else.
    judge(run, 'volunteer0', 9);
    expect(run.ask('volunteer0')).toMatchObject({
      reason: 'this device has no training task, so that it can test the next version',
    });
    run.join('host', weak, true);
    expect(run.lease('volunteer0').role).toBe('whole');
  });
});

/** Version 3 is out, and the evaluation of version 1 lags, which nobody has begun. */
function laggingRun(change: Partial<RunSpecInput>): SmallRun {
  const run = new SmallRun({ plan: conventional, policy: { updatesPerRound: 2 }, ...change });
  const train = (): void => {
    for (const name of ['volunteer0', 'volunteer1']) run.accept(run.lease(name));
    run.fold('whole');
  };
  run.control('open');
  for (const name of ['volunteer0', 'volunteer1']) run.join(name);
  const first = run.lease('volunteer0');
  run.accept(first);
  run.accept(run.lease('volunteer1'));
  for (const name of ['volunteer0', 'volunteer1']) judge(run, name, 1);
  run.fold('whole');
  for (const name of ['eva', 'eve']) run.join(name, weak);
  for (const name of ['eva', 'eve']) run.helped(name);
  for (let round = 2; round <= 3; round++) train();
  expect(run.state.evaluation?.manifest.version).toBe(1);
  return run;
}

describe('agreement', () => {
  const part = { examples: 500, correct: 400, lossSum: 300 };

  it.each([
    [{ correct: 402 }, true],
    [{ correct: 403 }, false],
    [{ lossSum: 304 }, true],
    [{ lossSum: 305 }, false],
    [{ correct: 398, lossSum: 297 }, true],
  ])('[EVAL7] of one that counted %o is %s', (change, isAgreed) => {
    expect(agree(part, { ...part, ...change })).toBe(isAgreed);
    expect(agree({ ...part, ...change }, part)).toBe(isAgreed);
  });

  it('[EVAL7] of a small part allows one example more or less', () => {
    const small = { examples: 10, correct: 5, lossSum: 5 };
    expect(agree(small, { ...small, correct: 6 })).toBe(true);
    expect(agree(small, { ...small, correct: 7 })).toBe(false);
  });
});
