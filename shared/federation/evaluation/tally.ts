import { partExamples } from '../../protocol/dataset.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { agree, type PartCount } from './agreement.ts';
import type { EvaluationState, Judgement } from './evaluation-state.ts';
import { mayConfirm } from './may-confirm.ts';

/** One judgement of one part. */
interface PartJudgement extends PartCount {
  readonly volunteer: string;
  readonly isReferee: boolean;
  /** [EVAL7] [EVAL13] Whether it may confirm, with another: its volunteer may, and it counted this part by itself. */
  readonly isWitness: boolean;
  /** [EVAL11] It was told for several parts together. */
  readonly isShared: boolean;
}

/** What is known of one test part. */
export interface PartTally {
  readonly part: number;
  /** Who has judged it. */
  readonly by: readonly string[];
  /** What counts if nobody can confirm it. Null before the first judgement. */
  readonly likely: PartCount | null;
  /** [EVAL7] Null if it is not confirmed. */
  readonly confirmed: PartCount | null;
  /** How many more judgements confirm it, if they agree. 0 if it is confirmed. */
  readonly missing: number;
  /** [EVAL10] */
  readonly contradicted: readonly string[];
}

/** It is asked several times in a step, and an evaluation is never changed. */
const known = new WeakMap<EvaluationState, readonly PartTally[]>();

/** What the judgements say of each part that is drawn, in their order. */
export function tally(config: RunConfig, evaluation: EvaluationState): readonly PartTally[] {
  const kept = known.get(evaluation);
  if (kept) return kept;
  const byPart = judgedParts(config, evaluation);
  const made = evaluation.parts.map(part => tallyPart(part, byPart.get(part) ?? []));
  known.set(evaluation, made);
  return made;
}

function judgedParts({ spec }: RunConfig, evaluation: EvaluationState): ReadonlyMap<number, PartJudgement[]> {
  const byPart = new Map<number, PartJudgement[]>();
  for (const judgement of evaluation.judgements) {
    const examples = judgement.parts.map(part => partExamples(spec.dataset, 'test', part));
    for (const [i, part] of judgement.parts.entries()) {
      const one = ofPart(judgement, i, examples, mayConfirm(evaluation, judgement));
      byPart.set(part, [...(byPart.get(part) ?? []), one]);
    }
  }
  return byPart;
}

function ofPart(
  { volunteer, isReferee, parts, correct, lossSum }: Judgement,
  at: number,
  examples: readonly number[],
  isWitness: boolean,
): PartJudgement {
  const isShared = correct.length < parts.length;
  const own = examples[at] ?? 0;
  const share = isShared ? own / Math.max(1, sum(examples)) : 1;
  return {
    ...{ volunteer, isReferee, isShared, examples: own },
    isWitness: !isShared && isWitness,
    correct: (correct[isShared ? 0 : at] ?? 0) * share,
    lossSum: (lossSum[isShared ? 0 : at] ?? 0) * share,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

function tallyPart(part: number, judgements: readonly PartJudgement[]): PartTally {
  const confirmed = confirmedOf(judgements);
  const hasWitness = judgements.some(({ isWitness }) => isWitness);
  return {
    part,
    by: judgements.map(({ volunteer }) => volunteer),
    likely: confirmed ?? middleOf(judgements),
    confirmed,
    missing: confirmed ? 0 : hasWitness ? 1 : 2,
    contradicted: confirmed ? contradictedBy(confirmed, judgements) : [],
  };
}

/** [EVAL7] A referee's word, or that of the first of two who agree. */
function confirmedOf(judgements: readonly PartJudgement[]): PartJudgement | null {
  const referee = judgements.find(({ isReferee }) => isReferee);
  if (referee) return referee;
  const witnesses = judgements.filter(({ isWitness }) => isWitness);
  return witnesses.find((one, i) => witnesses.slice(i + 1).some(other => agree(one, other))) ?? null;
}

/** [EVAL11] What was told for several parts together contradicts nothing. */
const contradictedBy = (confirmed: PartJudgement, judgements: readonly PartJudgement[]): string[] =>
  confirmed.isShared
    ? []
    : judgements.filter(one => !one.isShared && !agree(one, confirmed)).map(({ volunteer }) => volunteer);

/** [EVAL8] By the number of right ones; of two in the middle the lower one. */
const middleOf = (judgements: readonly PartJudgement[]): PartCount | null =>
  judgements.toSorted((a, b) => a.correct - b.correct)[Math.floor((judgements.length - 1) / 2)] ?? null;
