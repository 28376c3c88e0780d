import { formatTable } from '../../report.ts';
import type { AttackRow } from '../rows.ts';
import { defenceOf, lossText, worstOf } from './worst.ts';

/** What the default is to withstand: at most so many points below its clean run. */
interface Goal {
  readonly name: string;
  readonly attacks: readonly string[];
  /** Of the volunteers, at most. */
  readonly share: number;
  readonly most: number;
  readonly isMeant: (row: AttackRow) => boolean;
}

const SCALING = ['scaling-10', 'scaling-100', 'scaling-1000'];
const REFUSED = ['nan', 'replay', 'stale', 'malformed'];
export const DIRECTED = [
  'sign-flip',
  'noise',
  'label-flip',
  'a-little',
  'inner-product-0.5',
  'inner-product-2',
];
/** What bounds and checks of updates keep out. */
export const BOUNDED = [...SCALING, ...REFUSED];
/** Those that a goal names. */
export const GOAL_ATTACKS: readonly string[] = [...BOUNDED, ...DIRECTED];

/** One hostile volunteer is a quarter of so many. */
const FEW = 4;
const isCrowd = ({ volunteers }: AttackRow): boolean => volunteers > FEW;

const GOALS: readonly Goal[] = [
  {
    name: 'scaling, bad envelopes',
    attacks: BOUNDED,
    share: 0.4,
    most: 1,
    isMeant: isCrowd,
  },
  { name: 'directed', attacks: DIRECTED, share: 0.2, most: 2, isMeant: isCrowd },
  {
    ...{ name: 'directed, with a referee', attacks: DIRECTED, share: 0.4, most: 3 },
    isMeant: row => isCrowd(row) && row.referee,
  },
  {
    ...{ name: 'one of four, with a referee', attacks: GOAL_ATTACKS, share: 0.25, most: 3 },
    isMeant: row => !isCrowd(row) && row.referee,
  },
];

/** By goal and defence the cell that lost most, as the mean of its seeds. */
export function formatGoals(rows: readonly AttackRow[]): string {
  const defences = Map.groupBy(rows, defenceOf);
  const lines = GOALS.flatMap(goal =>
    [...defences].flatMap(([defence, own]) => {
      const worst = worstOf(own.filter(row => isWithin(goal, row)));
      if (!worst) return [];
      return [
        [
          `${goal.name}: up to ${100 * goal.share} % hostile, under ${goal.most}`,
          defence,
          worst.lost < goal.most ? 'met' : 'missed',
          lossText(worst),
        ],
      ];
    }),
  );
  return lines.length === 0 ? '' : formatTable(['goal', 'rule', '', 'most points lost'], lines);
}

const isWithin = ({ attacks, share, isMeant }: Goal, row: AttackRow): boolean =>
  row.hostile > 0 && row.share <= share && isMeant(row) && attacks.includes(row.attack);
