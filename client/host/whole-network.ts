import { judgedSegments, networkFor } from '../../shared/plan/plan-tasks.ts';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import { bodySegments } from '../../shared/protocol/model-outline.ts';

/** Whether a version is a network worth using as a whole; else what is wrong with it, in words for its owner. */
export type Wholeness =
  | { readonly kind: 'whole' }
  /** The rest has yet to join: it can be had, and answers at random, or by the heads before where those stay. */
  | { readonly kind: 'growing'; readonly text: string }
  /** No version of this run ever will be one. */
  | { readonly kind: 'never'; readonly text: string };

/** What of the whole network has been learnt by a version. */
export function wholenessOf({ spec, model }: Pick<RunInfo, 'spec' | 'model'>, version: number): Wholeness {
  const missingAt = (round: number): string[] => {
    const judged = judgedSegments(spec, model, round);
    return bodySegments(model).flatMap(({ id }) => (judged.includes(id) ? [] : [id]));
  };
  const [never, missing] = [missingAt(spec.rounds), missingAt(version)];
  const plan = spec.plan.name;
  const worth = networkFor(spec.plan).keepsHeads
    ? 'its accuracy is that of the earlier heads, and the untrained rest adds its first logits to theirs'
    : 'its accuracy is that of the earlier layers with their head, and the whole network guesses at random';
  if (never.length > 0)
    return {
      kind: 'never',
      text: `${plan} never trains ${never.join(', ')}: ${worth}`,
    };
  if (missing.length > 0)
    return {
      kind: 'growing',
      text: `in version ${version} ${missing.join(', ')} had not joined yet (${plan}): ${worth}`,
    };
  return { kind: 'whole' };
}
