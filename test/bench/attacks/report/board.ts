import { aggregationRules } from '../../../../shared/aggregation/rules.ts';
import { attackNames } from '../attack-table.ts';
import { type AttackRow, pointsLost } from '../rows.ts';

const ruleNames: readonly string[] = Object.keys(aggregationRules);

/** The cells of one setting: an attack a row, and for each rule a column of each share. */
export interface Board {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly lines: readonly Line[];
}

export interface Column {
  readonly rule: string;
  readonly hostile: number;
  readonly volunteers: number;
}

export interface Line {
  readonly name: string;
  /** What its values are: points of accuracy lost, or the share of patched pictures that are taken for the wrong class. */
  readonly unit: 'points' | 'backdoor';
  /** One of each column, the mean of the seeds; null if it has no row. */
  readonly values: readonly (number | null)[];
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];

const settingOf = ({ volunteers, partition, data, plan, referee, rounds }: AttackRow): string =>
  `${volunteers} volunteers, ${partition}${referee ? ', with a referee' : ''}; ${data}, ${plan}, ${rounds} rounds`;

/** One board of each setting that the rows have, whatever the order in which the rows were made. */
export function boardsOf(all: readonly AttackRow[]): Board[] {
  const rows = all.toSorted(byTables);
  const titles = unique(rows.map(settingOf));
  return titles.map(title =>
    boardOf(
      title,
      rows.filter(row => settingOf(row) === title),
    ),
  );
}

/** Small crowds before large ones, and attacks and rules as their tables have them. */
function byTables(a: AttackRow, b: AttackRow): number {
  const places = ({ referee, partition, volunteers, rule, attack }: AttackRow): number[] => [
    ...[Number(referee), partition === 'iid' ? 0 : 1, volunteers],
    ...[ruleNames.indexOf(rule), attackNames.indexOf(attack)],
  ];
  const [ofA, ofB] = [places(a), places(b)];
  const differing = ofA.findIndex((place, i) => place !== ofB[i]);
  return (ofA[differing] ?? 0) - (ofB[differing] ?? 0);
}

function boardOf(title: string, rows: readonly AttackRow[]): Board {
  const columns = unique(rows.map(({ rule }) => rule)).flatMap(rule => {
    const own = rows.filter(row => row.rule === rule && row.hostile > 0);
    const counts = unique(own.map(({ hostile }) => hostile)).toSorted((a, b) => a - b);
    return counts.map(hostile => ({ rule, hostile, volunteers: own[0]?.volunteers ?? 0 }));
  });
  const attacks = unique(rows.filter(({ hostile }) => hostile > 0).map(({ attack }) => attack));
  const cleanTitle = `${title}; clean: ${cleanText(rows)}`;
  return { title: cleanTitle, columns, lines: attacks.flatMap(attack => linesOf(attack, columns, rows)) };
}

function linesOf(attack: string, columns: readonly Column[], rows: readonly AttackRow[]): Line[] {
  const valuesBy = (value: (row: AttackRow) => number | null) =>
    columns.map(({ rule, hostile }) =>
      meanOf(
        rows.filter(row => row.attack === attack && row.rule === rule && row.hostile === hostile).map(value),
      ),
    );
  const lost: Line = { name: attack, unit: 'points', values: valuesBy(pointsLost) };
  if (!attack.includes('backdoor')) return [lost];
  const success = valuesBy(({ backdoorRate }) => (backdoorRate === null ? null : 100 * backdoorRate));
  return [lost, { name: `${attack}: success %`, unit: 'backdoor', values: success }];
}

/** The clean accuracy of each rule. */
function cleanText(rows: readonly AttackRow[]): string {
  const clean = rows.filter(({ hostile }) => hostile === 0);
  return unique(clean.map(({ rule }) => rule))
    .map(rule => {
      const mean = meanOf(clean.filter(row => row.rule === rule).map(({ accuracy }) => accuracy));
      return `${rule} ${mean === null ? 'failed' : `${(100 * mean).toFixed(1)} %`}`;
    })
    .join(', ');
}

/** Of those that are there. Null if none is. */
function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.flatMap(value => value ?? []);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** With one decimal, and without the sign of a zero. */
export const valueText = (value: number): string => (Math.round(10 * value) / 10 + 0).toFixed(1);
