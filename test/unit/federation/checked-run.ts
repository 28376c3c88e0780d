import { foldRequest } from '../../../shared/federation/round/fold-order.ts';
import type { CheckVerdict } from '../../../shared/protocol/check.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { KeptRun } from './kept-run.ts';
import { anyDevice, conventional, shard } from './small-run.ts';

const trainers = ['ada', 'mal'];

type Check = 'off' | 'if-present' | 'always';

/** A run of two volunteers and a referee, whose versions are checked. */
export class CheckedRun extends KeptRun {
  private checks = 0;

  static begin(check: Check = 'if-present', spec: Partial<RunSpecInput> = {}): CheckedRun {
    const policy = { updatesPerRound: 2, check, evaluators: 'referees' as const };
    const run = new CheckedRun({ plan: conventional, root: { parts: 1 }, rounds: 40, policy, ...spec });
    run.control('open');
    for (const name of trainers) run.join(name);
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

  /** What a check finds, of a version and of the one before, at their only exit. */
  found(check: string, after: number, before = 1) {
    return this.tell(check, { type: 'losses', before: [before], after: [after] });
  }

  /** Both train, and the role folds to shards of this number, of updates with these leases. */
  fill(number = 4): void {
    for (const name of trainers) this.accept(this.lease(name));
    this.foldNow(number);
  }

  /**
   * What the cohort makes of it, without what is left out.
   * @param norms by volunteer, if the cohort tells them
   */
  foldNow(number: number, norms: Readonly<Record<string, number>> = {}): void {
    const { leftOut } = foldRequest(this.config, this.state, 'whole');
    const { number: round } = this.state.round;
    const counted = Object.entries({ ada: undefined, mal: undefined, ...norms })
      .map(([volunteer, norm]) => ({
        ...{ lease: `${volunteer}-${round}`, volunteer, weight: 10, scale: 1 },
        ...(norm !== undefined && { norm }),
      }))
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
