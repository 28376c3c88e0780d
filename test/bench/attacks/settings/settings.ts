import { aggregationRules } from '../../../../shared/aggregation/rules.ts';
import { robustSchema } from '../../../../shared/protocol/aggregation-spec.ts';
import { MAX_ROUNDS } from '../../../../shared/protocol/run-spec.ts';
import {
  itemsOf,
  readChoice,
  readCount,
  readPartition,
  readPath,
  readSeeds,
} from '../../learning/settings/read-values.ts';
import { ATTACK_DATA } from '../attack-data.ts';
import { attackNames } from '../attack-table.ts';
import { ATTACK_PLANS, type Cell, JUDGES, PARTS_FOR } from '../cell.ts';
import { cellsOf, distinct, type Grid } from '../cells.ts';
import { ATTACKS_VERSION } from '../rows.ts';
import type { AttackFlags } from './attack-flags.ts';
import { pageGrids } from './page-grids.ts';

export interface AttackSettings {
  readonly grid: Grid;
  /** The cells to be done, each once: those of the grid, or of the page's grids. */
  readonly cells: readonly Cell[];
  /** The file of rows, one in each line; cells that it has are not done again. */
  readonly out: string;
  readonly plot: string | null;
  readonly json: string | null;
  readonly isReportOnly: boolean;
}

/** More volunteers than this have too few pictures each to learn from. */
const MOST_VOLUNTEERS = 100;

/** As many as a run may average (`robust.bucket`). */
const MOST_TOGETHER = 64;

/** Whatever stands in the table of rules is compared. */
const ruleNames: readonly string[] = Object.keys(aggregationRules);

/** The whole scoreboard. */
const WHOLE = {
  attacks: attackNames.join(),
  shares: '0.1,0.2,0.3,0.4',
  volunteers: '4,10,30',
  partitions: 'iid,dirichlet:0.5',
  seeds: '3',
} as const;

/** One attack of each kind, in a minute. */
const QUICK: Readonly<Record<keyof typeof WHOLE, string>> = {
  attacks: 'scaling-1000,sign-flip-10,label-flip,a-little,inner-product-2,drift',
  shares: '0.2',
  volunteers: '4,10',
  partitions: 'iid',
  seeds: '1',
};

/** @throws with one line that names the flag and what it takes */
export function readSettings(flags: AttackFlags): AttackSettings {
  const grid = readGrid(flags);
  const { data } = flags;
  const page = pageGrids.map(one => readGrid({ ...one, ...(data !== undefined && { data }) }));
  return {
    grid,
    cells: flags.page ? distinct(page.flatMap(cellsOf)) : cellsOf(grid),
    out: readPath('out', flags.out) ?? `test/bench/results/attacks-${grid.data}-v${ATTACKS_VERSION}.jsonl`,
    plot: readPath('plot', flags.plot),
    json: readPath('json', flags.json),
    isReportOnly: flags.report ?? false,
  };
}

/** @throws as `readSettings` */
function readGrid(flags: AttackFlags): Grid {
  const usual = flags.quick ? QUICK : WHOLE;
  const text = (name: keyof typeof WHOLE): string => flags[name] ?? usual[name];
  return {
    attacks: readList('attacks', text('attacks'), item => readChoice('attacks', item, attackNames)),
    rules: readList('rules', flags.rules ?? ruleNames.join(), item => readChoice('rules', item, ruleNames)),
    buckets: readList('buckets', flags.buckets ?? '1', item => readCount('buckets', item, MOST_TOGETHER)),
    assumed: readAssumed(flags.assumed),
    shares: readList('shares', text('shares'), readShare),
    volunteers: readList('volunteers', text('volunteers'), item =>
      readCount('volunteers', item, MOST_VOLUNTEERS),
    ),
    updates: flags.updates === undefined ? null : readCount('updates', flags.updates, MOST_VOLUNTEERS),
    partitions: readList('partitions', text('partitions'), item => readPartition('partitions', item)),
    seeds: readSeeds(text('seeds')),
    data: readChoice('data', flags.data ?? 'digits', ATTACK_DATA),
    plan: readChoice('plan', flags.plan ?? 'layer-to-layer', ATTACK_PLANS),
    rounds: readCount('rounds', flags.rounds ?? '12', MAX_ROUNDS),
    referee: flags.referee ?? false,
    check: !(flags.unchecked ?? false),
    judges: readChoice('judges', flags.judges ?? 'referees', JUDGES),
    falls: flags.falls ?? false,
    partsFor: readChoice('parts-for', flags['parts-for'] ?? 'volunteer', PARTS_FOR),
  };
}

function readList<T>(flag: string, text: string, read: (item: string) => T): T[] {
  const items = itemsOf(text);
  if (items.length === 0) throw new Error(`--${flag} takes a list, got '${text}'`);
  return items.map(read);
}

/** @param text of the flag; what runs assume by default if it is left out */
function readAssumed(text: string | undefined): number {
  const assumed = robustSchema.safeParse(text === undefined ? {} : { hostile: Number(text) });
  if (text !== '' && assumed.success) return assumed.data.hostile;
  throw new Error(`--assumed takes a number from 0.01 to 0.49, got '${text}'`);
}

/** Half of the volunteers and more are no minority that a rule could outvote. */
function readShare(text: string): number {
  const share = Number(text);
  if (text !== '' && share >= 0 && share < 0.5) return share;
  throw new Error(`--shares takes numbers from 0 to below 0.5, got '${text}'`);
}
