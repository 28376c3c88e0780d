import type { AggregationName } from '../protocol/aggregation-spec.ts';
import type { RunSpec } from '../protocol/run-spec.ts';
import type { RoundView, RunView } from '../protocol/run-view.ts';

/** With fewer updates of a role no rule of statistics can tell a hostile one from an honest one. */
const ENOUGH_UPDATES = 5;

/** One thing to say of what defends a run. Words are `describe-defence.ts`, and those of the pages. */
export type DefenceFact =
  | { readonly is: 'checked' | 'no-check' | 'nothing-held-back' | 'no-referee' | 'waits-for-referee' }
  /** Updates that were refused since a version was worse with them, and rounds of which nothing was taken. */
  | { readonly is: 'harmful' | 'lost'; readonly count: number };

/** A round has so few updates that its rule cannot tell a hostile one, and nobody makes up for that. */
export interface DefenceGap {
  readonly least: number;
  readonly enough: number;
  readonly rule: AggregationName;
}

/** What defends a run against hostile updates, and what does not. */
export interface Defence {
  /** Whether a referee checks versions now. */
  readonly isChecked: boolean;
  readonly gap: DefenceGap | null;
  readonly facts: readonly DefenceFact[];
}

type Spec = Pick<RunSpec, 'policy' | 'root' | 'aggregation'>;
type View = Pick<RunView, 'phase' | 'goals' | 'rounds' | 'volunteers' | 'checking' | 'current'>;

/** [CHECK1] Of a run that is not over. */
export function defenceOf({ policy, root, aggregation }: Spec, view: View): Defence {
  const isPossible = policy.check !== 'off' && root !== undefined;
  const hasReferee = Object.values(view.volunteers).some(({ referee, removed }) => referee && !removed);
  const isChecked = isPossible && (hasReferee || view.rounds.at(-1)?.check != null);
  const least = leastUpdates(view);
  const isOpen = least !== null && least < ENOUGH_UPDATES && !isChecked;
  return {
    isChecked,
    gap: isOpen ? { least, enough: ENOUGH_UPDATES, rule: aggregation } : null,
    facts: [{ is: whoChecks(policy.check, root !== undefined, hasReferee) }, ...whatCame(view)],
  };
}

function whoChecks(check: RunSpec['policy']['check'], hasRoot: boolean, hasReferee: boolean) {
  if (check === 'off') return 'no-check';
  if (!hasRoot) return 'nothing-held-back';
  if (hasReferee) return 'checked';
  return check === 'always' ? 'waits-for-referee' : 'no-referee';
}

/** What referees have refused so far, of the rounds that are shown. */
function whatCame({ rounds, current }: View): DefenceFact[] {
  const harmful = [...rounds, current].reduce((sum, { harmful: count = 0 }) => sum + count, 0);
  const lost = rounds.filter(({ taken }) => taken === false).length;
  return [
    ...(harmful > 0 ? [{ is: 'harmful', count: harmful } as const] : []),
    ...(lost > 0 ? [{ is: 'lost', count: lost } as const] : []),
  ];
}

/** Of the role that has fewest, in the round that runs, or in the last one. Null before the first. */
function leastUpdates({ goals, rounds }: View): number | null {
  const counts = Object.values(goals).length > 0 ? goals : (rounds.at(-1)?.updates ?? {});
  const all = Object.values(counts).flatMap((count = 0) => (count > 0 ? [count] : []));
  return all.length > 0 ? Math.min(...all) : null;
}

/** What became of a round's version when it was checked. */
export type CheckOutcome = 'checked' | 'mended' | 'nothing' | 'unchecked';

/** Null if the run checked nothing then. */
export function checkOutcome({ check, harmful = 0, taken }: RoundView): CheckOutcome | null {
  if (taken === false) return 'nothing';
  if (check === undefined) return null;
  if (check === null) return 'unchecked';
  return harmful > 0 ? 'mended' : 'checked';
}
