import type { RunState } from '../../shared/federation/run-state.ts';
import { partCount, partExamples, splitExamples } from '../../shared/protocol/dataset.ts';
import type { EventBody } from '../../shared/protocol/events.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import { must } from './must.ts';
import type { Transition } from './transition.ts';

/** The part of the invariants that watches how versions are judged, and how a run is taken back. */
export class JudgingRules {
  private readonly config: RunConfig;
  private readonly testExamples: number;
  /** Who judged which part of a version, and who trained it. */
  private readonly judged = new Set<string>();
  private readonly trainers = new Map<number, readonly string[]>();
  private readonly referees = new Set<string>();
  /** By the ledger: whose updates were worth something, and the judgements of those whose were not by then. */
  private readonly helped = new Set<string>();
  private readonly worthless = new Set<string>();

  constructor(config: RunConfig) {
    this.config = config;
    this.testExamples = splitExamples(config.spec.dataset, 'test');
  }

  /** @param parts of the lease in hand that the event is about */
  follow(event: EventBody, parts: readonly number[]): void {
    if (event.type === 'volunteer-joined' && event.referee) this.referees.add(event.volunteer);
    if (event.type === 'version-published')
      for (const work of Object.values(event.work ?? {}))
        for (const id of [...(work?.helped ?? []), ...(work?.untold ?? [])]) this.helped.add(id);
    if (event.type !== 'update-accepted' || event.role !== 'evaluator') return;
    for (const part of parts) {
      const judgement = `${event.round} ${part} ${event.volunteer}`;
      must(!this.judged.has(judgement), '[EVAL3] nobody judges a part twice');
      this.judged.add(judgement);
      if (!this.helped.has(event.volunteer)) this.worthless.add(judgement);
    }
  }

  check(transition: Transition): void {
    const { events, state } = transition.step;
    if (events.some(({ type }) => type === 'version-published'))
      this.trainers.set(state.manifest.version, state.divergence.trainedBy);
    this.checkEvaluation(state);
    this.checkVerdicts(transition);
    this.checkReturns(transition);
  }

  private checkEvaluation({ evaluation, leases }: RunState): void {
    const out = [...leases.values()].filter(lease => lease.role === 'evaluator');
    must(evaluation !== null || out.length === 0, '[EVAL2] what is not judged any more is not leased');
    if (!evaluation) return;
    const { parts, judgements, manifest } = evaluation;
    must(
      out.every(({ round }) => round === manifest.version),
      '[EVAL3] one version at most is evaluated at a time',
    );
    const all = partCount(this.config.spec.dataset, 'test');
    must(parts.length === all || parts.length === Math.ceil(all / 2), '[EVAL9] half of the parts, or all');
    for (const part of parts) {
      const holders = [...out, ...judgements]
        .filter(one => one.parts.includes(part))
        .map(({ volunteer }) => volunteer);
      must(new Set(holders).size === holders.length, '[EVAL3] nobody is at a part twice');
    }
  }

  /** [EVAL7] [RUN5] */
  private checkVerdicts({ before, input, step: { events, state } }: Transition): void {
    for (const event of events) {
      if (event.type !== 'version-evaluated') continue;
      const isAgain = events.some(
        other => other.type === 'version-published' && other.weightsOf !== undefined,
      );
      if (isAgain) continue;
      must(before.evaluation?.manifest.version === event.version, '[EVAL2] what was evaluated is judged');
      const parts = before.evaluation?.parts ?? [];
      const examples = parts.reduce((sum, part) => sum + this.examplesOf(part), 0);
      must(event.examples === examples, '[EVAL2] a verdict is over all parts that were drawn');
      if (event.confirmed !== false) this.checkConfirmed(event.version, parts);
      if (!reachesTarget(before, state, events)) continue;
      must(event.confirmed !== false, '[RUN5] only what is confirmed ends a run');
      must(event.examples === this.testExamples, '[EVAL9] what ends a run is counted on every part');
    }
    must(state.phase !== 'finished' || input.type !== 'join', '[RUN5] a join ends no run');
  }

  private examplesOf(part: number): number {
    return partExamples(this.config.spec.dataset, 'test', part);
  }

  private checkConfirmed(version: number, parts: readonly number[]): void {
    const trainers = this.trainers.get(version) ?? [];
    const areKnown = trainers.length > 0;
    for (const part of parts) {
      const by = [...this.judged]
        .filter(judgement => judgement.startsWith(`${version} ${part} `))
        .map(judgement => judgement.split(' ')[2] ?? '');
      const independent = by.filter(one => !trainers.includes(one));
      const isReferees = by.some(one => this.referees.has(one));
      must(
        isReferees || (areKnown && independent.length >= 2),
        '[EVAL7] a referee or two who did not train the version have judged each part',
      );
      const ofHelpers = independent.filter(one => !this.worthless.has(`${version} ${part} ${one}`));
      must(isReferees || ofHelpers.length >= 2, '[EVAL13] or two of those who had helped by then');
    }
  }

  /** [BACK2] [BACK3] */
  private checkReturns({ before, input, step: { events, state } }: Transition): void {
    for (const event of events) {
      if (event.type === 'run-taken-back')
        must([...state.leases.values()].length === 0, '[BACK3] nothing is leased while a run is taken back');
      if (event.type !== 'version-published' || event.weightsOf === undefined) continue;
      const kept = input.type === 'returned' ? input.manifest : null;
      must(before.round.status === 'returning', '[BACK4] a round is taken back before its version is out');
      must(
        kept?.version === event.weightsOf && kept.segments === state.manifest.segments,
        '[BACK2] the next version has the weights of the older one',
      );
      must(!state.round.late && !state.round.upcoming, '[BACK3] nothing that had come counts');
    }
  }
}

/**
 * Whether this step says that the target is reached. [CLOSE1] The run may have closed for it before. Then its last version
 * is judged yet, and a word that nobody confirmed is enough for that.
 */
const reachesTarget = (before: RunState, state: RunState, events: readonly EventBody[]): boolean =>
  before.closing?.why !== 'target' &&
  (state.closing?.why === 'target' ||
    events.some(event => event.type === 'run-finished' && event.why === 'target'));
