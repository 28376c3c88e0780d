import { attackNamed, attackNames } from '../attack-table.ts';
import { BOUNDED, DIRECTED, GOAL_ATTACKS } from '../report/goals.ts';
import type { AttackFlags } from './attack-flags.ts';

/**
 * The cells of the page `test/bench/results/attacks.md`, in the order in which they are worth most: if the bench is stopped, the goals
 * are known. All have falls, as the product's runs do, unless a grid is there to show what they cost.
 */

/** What runs have unless their host says otherwise (`policy.updatesPerRound`). */
const DEFAULT_SIZE = '4';
const SKEWED = 'dirichlet:0.5';
const BOTH = '0.2,0.4';
const CROWDS = '10,30';

const goals = GOAL_ATTACKS.join();
const JUDGING = attackNames.filter(name => attackNamed(name).judge);
const others = attackNames.filter(name => !GOAL_ATTACKS.includes(name)).join();
/** Beside the goals' attacks those that were made for a clip and for `fltrust`. */
const choosing = [...GOAL_ATTACKS, 'sign-flip-10', 'drift', 'turn'].join();

/** The rules of a host who names none: with a referee, and without at the default size and above it. */
const defaults = (flags: AttackFlags): AttackFlags[] => [
  { rules: 'fltrust', updates: DEFAULT_SIZE, volunteers: `4,${CROWDS}`, ...flags },
  { rules: 'fltrust', volunteers: CROWDS, ...flags },
  { rules: 'clipped-mean', updates: DEFAULT_SIZE, volunteers: `4,${CROWDS}`, ...flags },
  { rules: 'geometric-median', volunteers: CROWDS, ...flags },
];

/**
 * Three seeds tell points apart and no half points. Whether the goals are met is a matter of half points: the worst of a
 * hundred cells is a point worse than the middle one by chance alone.
 */
const moreSeeds = (flags: AttackFlags): AttackFlags[] =>
  defaults({ ...flags, seeds: '4,5,6,7,8,9,10,11,12' }).filter(({ rules }) => rules === 'fltrust');

/** A rule that is no default is compared where classes are unevenly spread. */
const skewed40 = { partitions: SKEWED, shares: '0.4', attacks: choosing, volunteers: '10' };
const allButFltrust = 'mean,clipped-mean,trimmed-mean,median,geometric-median,multi-krum';

const withFalls: readonly AttackFlags[] = [
  ...defaults({ attacks: goals, shares: BOTH }),
  ...moreSeeds({ attacks: BOUNDED.join(), shares: '0.4' }),
  ...moreSeeds({ attacks: DIRECTED.join(), shares: BOTH }),
  // Volunteers judge by default, though a referee is there.
  ...[DEFAULT_SIZE, undefined].map(updates => ({
    ...{ rules: 'fltrust', judges: 'volunteers', shares: '0.4', volunteers: '10', updates },
    attacks: [...GOAL_ATTACKS, ...JUDGING].join(),
  })),
  // Nobody's pictures are missing if they are for anyone.
  ...[DEFAULT_SIZE, undefined].map(updates => ({
    ...{ rules: 'fltrust', 'parts-for': 'anyone', shares: '0.4', volunteers: '10', updates, seeds: '12' },
    attacks: BOUNDED.join(),
  })),
  ...defaults({ attacks: others, shares: BOTH }),
  // What a rule does beside a referee who checks, and without one.
  { ...skewed40, rules: allButFltrust, referee: true, updates: DEFAULT_SIZE, volunteers: '4,10' },
  { ...skewed40, rules: allButFltrust, referee: true },
  { ...skewed40, rules: allButFltrust, shares: BOTH },
  // What the check does, and what does the rule alone.
  { ...skewed40, rules: 'fltrust', partitions: `iid,${SKEWED}`, unchecked: true, updates: DEFAULT_SIZE },
  { ...skewed40, rules: 'fltrust', partitions: `iid,${SKEWED}`, unchecked: true },
  { ...skewed40, rules: 'fltrust,geometric-median', plan: 'conventional', shares: BOTH },
  {
    ...skewed40,
    rules: 'median,geometric-median,multi-krum',
    buckets: '1,2',
    shares: BOTH,
    volunteers: '30',
  },
];

export const pageGrids: readonly AttackFlags[] = [
  ...withFalls.map(flags => ({ ...flags, falls: true })),
  { attacks: goals, shares: BOTH, rules: 'clipped-mean', updates: DEFAULT_SIZE, volunteers: '10' },
  { attacks: goals, shares: BOTH, rules: 'geometric-median', volunteers: '10' },
  ...defaults({ shares: '0.1,0.3' }).map(flags => ({ ...flags, falls: true })),
];
