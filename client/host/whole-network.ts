import { judgedSegments, networkFor } from '../../shared/plan/plan-tasks.ts';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import { bodyIds } from '../../shared/protocol/model-outline.ts';

/** Whether a version is a network worth using as a whole. If it is not, `text` tells its owner what is wrong. */
export type Wholeness =
  | { readonly kind: 'whole' }
  /** Some segments have yet to join. The network can be exported, but these segments know nothing yet. */
  | { readonly kind: 'growing'; readonly text: string }
  /** No version of this run will ever be a whole network. */
  | { readonly kind: 'never'; readonly text: string };

/** How much of the whole network has learnt something by this version. */
export function wholenessOf({ spec, model }: Pick<RunInfo, 'spec' | 'model'>, version: number): Wholeness {
  const missingAt = (round: number): string[] => {
    const judged = judgedSegments(spec, model, round);
    return bodyIds(model).filter(id => !judged.includes(id));
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
