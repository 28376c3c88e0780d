import type { RunSpec } from '../protocol/run-spec.ts';
import type { RoundView, RunView } from '../protocol/run-view.ts';

/** With fewer updates of a role no rule of statistics can tell a hostile one from an honest one. */
const ENOUGH_UPDATES = 5;

/** What defends a run against hostile updates, and what does not, in sentences for people. */
export interface Defence {
  /** Whether a referee checks versions now. */
  readonly isChecked: boolean;
  /** What the rule cannot do and nobody makes up for. Null if there is nothing to say. */
  readonly gap: string | null;
  readonly lines: readonly string[];
}

type Spec = Pick<RunSpec, 'policy' | 'root' | 'aggregation'>;
type View = Pick<RunView, 'phase' | 'goals' | 'rounds' | 'volunteers' | 'checking' | 'current'>;

/** [CHECK1] Of a run that is not over. */
export function defenceOf({ policy, root, aggregation }: Spec, view: View): Defence {
  const isPossible = policy.check !== 'off' && root !== undefined;
  const hasReferee = Object.values(view.volunteers).some(({ referee, removed }) => referee && !removed);
  const isChecked = isPossible && (hasReferee || view.rounds.at(-1)?.check != null);
  const least = leastUpdates(view);
  const isFew = least !== null && least < ENOUGH_UPDATES;
  const few = isFew
    ? `A round has ${least} update${least === 1 ? '' : 's'} of a role. With fewer than ${ENOUGH_UPDATES} no rule can tell a hostile one from an honest one, ${aggregation} included.`
    : null;
  return {
    isChecked,
    gap: few !== null && !isChecked ? `${few} So a single volunteer can make the network worse.` : null,
    lines: [whoChecks(policy.check, root !== undefined, hasReferee), ...whatCame(view)],
  };
}

function whoChecks(check: RunSpec['policy']['check'], hasRoot: boolean, hasReferee: boolean): string {
  if (check === 'off') return 'Nobody checks a version before it is out: this run was made without that.';
  if (!hasRoot)
    return 'Nobody checks a version before it is out: no pictures are held back to measure it on.';
  if (hasReferee)
    return 'A referee measures each version on held-out pictures before it is out. One that is much worse is not published.';
  return check === 'always'
    ? 'Each version waits until a referee has measured it, and none is here. The host’s own tab can be one: take part in it.'
    : 'No referee is here, so nobody checks a version before it is out. The host’s own tab can be one: take part in it.';
}

/** What referees have refused so far, of the rounds that are shown. */
function whatCame({ rounds, current }: View): string[] {
  const harmful = [...rounds, current].reduce((sum, { harmful: count = 0 }) => sum + count, 0);
  const lost = rounds.filter(({ taken }) => taken === false).length;
  return [
    ...(harmful > 0
      ? [
          `${harmful} update${harmful === 1 ? ' was' : 's were'} refused since a version was worse with ${harmful === 1 ? 'it' : 'them'}.`,
        ]
      : []),
    ...(lost > 0
      ? [`Nothing was taken of ${lost} round${lost === 1 ? '' : 's'}: the version was worse.`]
      : []),
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
