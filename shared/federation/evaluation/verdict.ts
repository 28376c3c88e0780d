import type { EventBody } from '../../protocol/events.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { keepGroup } from '../lease/crowd.ts';
import type { RunState } from '../run-state.ts';
import { noteLoss } from '../volunteer/standing.ts';
import type { EvaluationState } from './evaluation-state.ts';
import { tally } from './tally.ts';

/** [EVAL2] What all that was counted comes to. */
export interface Verdict {
  readonly examples: number;
  readonly accuracy: number;
  readonly loss: number;
  /** [EVAL7] */
  readonly isConfirmed: boolean;
}

/** Of an evaluation whose parts are all settled. */
export function verdictOf(config: RunConfig, evaluation: EvaluationState): Verdict {
  const parts = tally(config, evaluation);
  const total = { examples: 0, correct: 0, lossSum: 0 };
  for (const { likely } of parts) {
    total.examples += likely?.examples ?? 0;
    total.correct += likely?.correct ?? 0;
    total.lossSum += likely?.lossSum ?? 0;
  }
  const examples = Math.max(1, total.examples);
  return {
    examples: total.examples,
    // Shares of what was told for several parts together add up to whole ones, but for the last bits.
    accuracy: Math.round(total.correct) / examples,
    loss: total.lossSum / examples,
    isConfirmed: parts.every(({ confirmed }) => confirmed !== null),
  };
}

/** [EVAL10] What the ledger says of those who were contradicted, and the count in their rows. */
export function noteContradicted(
  config: RunConfig,
  state: RunState,
  evaluation: EvaluationState,
): { readonly state: RunState; readonly events: readonly EventBody[] } {
  const parts = new Map<string, number>();
  for (const { contradicted } of tally(config, evaluation))
    for (const id of contradicted) parts.set(id, (parts.get(id) ?? 0) + 1);
  const { version } = evaluation.manifest;
  let after = state;
  for (const id of parts.keys()) {
    const row = after.volunteers.get(id);
    if (!row) continue;
    const volunteers = after.volunteers.put({ ...row, contradicted: (row.contradicted ?? 0) + 1 });
    // [STAND5]
    after = keepGroup(config, noteLoss({ ...after, volunteers }, id, 'contradicted'), id);
  }
  return {
    state: after,
    events: Array.from(parts, ([volunteer, count]) => ({
      type: 'judgement-contradicted' as const,
      ...{ version, volunteer, parts: count },
    })),
  };
}
