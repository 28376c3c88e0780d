import { formatTable } from '../../report.ts';
import { type AttackRow, pointsLost } from '../rows.ts';

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
const DIRECTED = ['sign-flip', 'noise', 'label-flip', 'a-little', 'inner-product-0.5', 'inner-product-2'];
/** Those that a goal names. */
export const GOAL_ATTACKS: readonly string[] = [...SCALING, ...REFUSED, ...DIRECTED];

/** One hostile volunteer is a quarter of so many. */
const FEW = 4;
const isCrowd = ({ volunteers }: AttackRow): boolean => volunteers > FEW;

const GOALS: readonly Goal[] = [
  {
    name: 'scaling, bad envelopes',
    attacks: [...SCALING, ...REFUSED],
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

/** By goal and rule the cell that lost most, as the mean of its seeds. */
export function formatGoals(rows: readonly AttackRow[]): string {
  const rules = [...new Set(rows.map(({ rule }) => rule))];
  const lines = GOALS.flatMap(goal => {
    const found = rules.flatMap(
      rule =>
        worstOf(
          goal,
          rows.filter(row => row.rule === rule),
        ) ?? [],
    );
    return found.map(({ rule, lost, cell }) => [
      `${goal.name}: up to ${100 * goal.share} % hostile, under ${goal.most}`,
      rule,
      lost < goal.most ? 'met' : 'missed',
      `${lost.toFixed(1)} by ${cell}`,
    ]);
  });
  return lines.length === 0 ? '' : formatTable(['goal', 'rule', '', 'most points lost'], lines);
}

function worstOf({ attacks, share, isMeant }: Goal, rows: readonly AttackRow[]) {
  const means = new Map<string, { readonly rule: string; readonly lost: number[] }>();
  for (const row of rows) {
    const lost = pointsLost(row);
    const isWithin = row.hostile > 0 && row.share <= share && isMeant(row);
    if (lost === null || !isWithin || !attacks.includes(row.attack)) continue;
    const cell = cellText(row);
    const known = means.get(cell) ?? { rule: row.rule, lost: [] };
    known.lost.push(lost);
    means.set(cell, known);
  }
  const cells = [...means].map(([cell, { rule, lost }]) => ({
    ...{ cell, rule },
    lost: lost.reduce((sum, one) => sum + one, 0) / lost.length,
  }));
  const [first, ...others] = cells;
  return first && others.reduce((worst, one) => (one.lost > worst.lost ? one : worst), first);
}

function cellText({ attack, hostile, volunteers, updates, partition, plan }: AttackRow): string {
  const wanted = updates === volunteers ? '' : `, ${updates} updates a round`;
  return `${attack}, ${hostile} of ${volunteers}${wanted}, ${partition}, ${plan}`;
}
