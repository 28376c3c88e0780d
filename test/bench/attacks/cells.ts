import type { Partition } from '../../../shared/protocol/dataset.ts';
import { CLEAN } from './attack-table.ts';
import { type Cell, fieldsOf, keyOf } from './cell.ts';

/** Every combination of these is a cell. */
export interface Grid
  extends Pick<Cell, 'data' | 'plan' | 'referee' | 'check' | 'falls' | 'partsFor' | 'rounds' | 'assumed'> {
  readonly attacks: readonly string[];
  readonly rules: readonly string[];
  readonly buckets: readonly number[];
  /** Of the volunteers, in [0, 1). */
  readonly shares: readonly number[];
  readonly volunteers: readonly number[];
  /** Wanted a round. Null: one of each volunteer. */
  readonly updates: number | null;
  readonly partitions: readonly Partition[];
  readonly seeds: readonly number[];
  /** Who judges versions if a referee is there. Without one, volunteers do. */
  readonly judges: Cell['judges'];
}

/** As many as fit the share, and one at least: a share of a small crowd rounds to nobody. */
export const hostileOf = (share: number, volunteers: number): number =>
  share === 0 ? 0 : Math.max(1, Math.floor(share * volunteers + 1e-9));

/**
 * The cells of a grid, each once: several shares of four volunteers are one volunteer. A clean run comes before those that
 * are compared with it, and seed after seed, so that a bench that was stopped has whole comparisons.
 */
export function cellsOf(grid: Grid): Cell[] {
  const { data, plan, referee, check, judges, falls, partsFor, rounds, assumed } = grid;
  const common = { data, plan, falls, partsFor, rounds, assumed };
  const cells = grid.seeds.flatMap(seed =>
    grid.partitions.flatMap(partition =>
      grid.volunteers.flatMap(volunteers =>
        rulesOf(grid).flatMap(rule => {
          const updates = grid.updates ?? volunteers;
          const isRefereed = referee || needsReferee(rule.rule);
          const checked = {
            ...{ referee: isRefereed, check: isRefereed && check },
            judges: isRefereed ? judges : ('volunteers' as const),
          };
          return attacksOn({ ...common, seed, partition, volunteers, updates, ...rule, ...checked }, grid);
        }),
      ),
    ),
  );
  return distinct(cells);
}

/** Each once, in the order in which they came first. */
export const distinct = (cells: readonly Cell[]): Cell[] => [
  ...new Map(cells.map(cell => [keyOf(fieldsOf(cell)), cell])).values(),
];

/** The mean of means is the mean. */
const rulesOf = ({ rules, buckets }: Grid): Pick<Cell, 'rule' | 'bucket'>[] =>
  rules.flatMap(rule =>
    buckets.filter(bucket => rule !== 'mean' || bucket === 1).map(bucket => ({ rule, bucket })),
  );

/** Whether the rule compares with a referee's update. Then there is one. */
export const needsReferee = (rule: string): boolean => rule === 'fltrust';

function attacksOn(run: Omit<Cell, 'attack' | 'hostile'>, { attacks, shares }: Grid): Cell[] {
  const counts = shares.map(share => hostileOf(share, run.volunteers)).filter(count => count > 0);
  return [cleanOf(run), ...attacks.flatMap(attack => counts.map(hostile => ({ ...run, attack, hostile })))];
}

/** The run that a cell is compared with. */
export const cleanOf = (cell: Omit<Cell, 'attack' | 'hostile'>): Cell => ({
  ...cell,
  attack: CLEAN,
  hostile: 0,
});
