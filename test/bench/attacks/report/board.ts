import { aggregationRules } from '../../../../shared/aggregation/rules.ts';
import { robustSchema } from '../../../../shared/protocol/aggregation-spec.ts';
import { attackNames } from '../attack-table.ts';
import { needsReferee } from '../cells.ts';
import { type AttackRow, pointsLost } from '../rows.ts';

const ruleNames: readonly string[] = Object.keys(aggregationRules);

/** The cells of one setting: an attack a row, and for each rule a column of each share. */
export interface Board {
  readonly title: string;
  /** The accuracy of each rule's runs without hostile volunteers. */
  readonly clean: string;
  readonly columns: readonly Column[];
  readonly lines: readonly Line[];
}

export interface Column {
  /** With how many updates it averages before, if it does. */
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

function settingOf(row: AttackRow): string {
  const { volunteers, partition, data, plan, rule, rounds, updates, assumed } = row;
  const { referee, check, judges, falls, partsFor } = row;
  const facts = [
    `${volunteers} volunteers`,
    ...(updates === volunteers ? [] : [`${updates} updates a round`]),
    partition,
    ...(assumed === USUAL.hostile ? [] : [`${Math.round(100 * assumed)} % assumed hostile`]),
    // A rule that cannot do without one is shown beside the others.
    ...(referee && !needsReferee(rule) ? ['with a referee'] : []),
    ...(referee && !check ? ['whose referee checks nothing'] : []),
    ...(referee && judges === 'volunteers' ? ['volunteers judge'] : []),
    ...(partsFor === 'anyone' ? ['parts for anyone'] : []),
    ...(falls ? ['falls are taken back'] : []),
  ];
  return `${facts.join(', ')}; ${data}, ${plan}, ${rounds} rounds`;
}

/** What a run's rule assumes unless the host says otherwise. */
const USUAL = robustSchema.parse({});

const columnOf = ({ rule, bucket }: AttackRow): string => (bucket === 1 ? rule : `${rule} of ${bucket}s`);

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
  const places = (row: AttackRow): number[] => [
    ...[
      Number(row.partsFor === 'anyone'),
      Number(row.falls),
      Number(row.referee && !row.check),
      Number(row.referee && row.judges === 'volunteers'),
      Number(row.referee && !needsReferee(row.rule)),
      row.plan === 'conventional' ? 0 : 1,
    ],
    ...[row.partition === 'iid' ? 0 : 1, row.volunteers, row.updates],
    ...[ruleNames.indexOf(row.rule), row.bucket, attackNames.indexOf(row.attack)],
  ];
  const [ofA, ofB] = [places(a), places(b)];
  const differing = ofA.findIndex((place, i) => place !== ofB[i]);
  return (ofA[differing] ?? 0) - (ofB[differing] ?? 0);
}

function boardOf(title: string, rows: readonly AttackRow[]): Board {
  const columns = unique(rows.map(columnOf)).flatMap(rule => {
    const own = rows.filter(row => columnOf(row) === rule && row.hostile > 0);
    const counts = unique(own.map(({ hostile }) => hostile)).toSorted((a, b) => a - b);
    return counts.map(hostile => ({ rule, hostile, volunteers: own[0]?.volunteers ?? 0 }));
  });
  const attacks = unique(rows.filter(({ hostile }) => hostile > 0).map(({ attack }) => attack));
  const clean = cleanText(rows);
  return { title, clean, columns, lines: attacks.flatMap(attack => linesOf(attack, columns, rows)) };
}

function linesOf(attack: string, columns: readonly Column[], rows: readonly AttackRow[]): Line[] {
  const valuesBy = (value: (row: AttackRow) => number | null) =>
    columns.map(({ rule, hostile }) =>
      meanOf(
        rows
          .filter(row => row.attack === attack && columnOf(row) === rule && row.hostile === hostile)
          .map(value),
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
  return unique(clean.map(columnOf))
    .map(rule => {
      const mean = meanOf(clean.filter(row => columnOf(row) === rule).map(({ accuracy }) => accuracy));
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
