import { type AttackRow, pointsLost } from '../rows.ts';

/** The mean of a cell's seeds. */
export interface Loss {
  readonly cell: string;
  /** Points of accuracy. */
  readonly lost: number;
  /** Of the mean; null of one seed. */
  readonly standardError: number | null;
  readonly seeds: number;
}

/** What a run defends itself by. */
export function defenceOf({ rule, bucket, referee, check }: AttackRow): string {
  const averaged = bucket === 1 ? rule : `${rule} of ${bucket}s`;
  if (!referee) return averaged;
  return check ? `${averaged}, checked` : `${averaged}, unchecked`;
}

/** The cell that lost most. Undefined if none of the rows has an accuracy. */
export function worstOf(rows: readonly AttackRow[]): Loss | undefined {
  const cells = Map.groupBy(
    rows.filter(row => pointsLost(row) !== null),
    cellText,
  );
  const [first, ...others] = [...cells].map(([cell, own]) => lossOf(cell, own));
  return first && others.reduce((worst, one) => (one.lost > worst.lost ? one : worst), first);
}

/** @param rows of one cell, which have an accuracy */
function lossOf(cell: string, rows: readonly AttackRow[]): Loss {
  const all = rows.flatMap(row => pointsLost(row) ?? []);
  const lost = all.reduce((sum, one) => sum + one, 0) / all.length;
  const squares = all.reduce((sum, one) => sum + (one - lost) ** 2, 0);
  const standardError = all.length > 1 ? Math.sqrt(squares / (all.length - 1) / all.length) : null;
  return { cell, lost, standardError, seeds: all.length };
}

export function lossText({ cell, lost, standardError, seeds }: Loss): string {
  const give = standardError === null ? 'one seed' : `± ${standardError.toFixed(1)}, ${seeds} seeds`;
  return `${lost.toFixed(1)} (${give}) by ${cell}`;
}

function cellText(row: AttackRow): string {
  const { attack, hostile, volunteers, updates, partition, plan, referee, judges, partsFor, falls } = row;
  const facts = [
    ...[attack, `${hostile} of ${volunteers}`],
    ...(updates === volunteers ? [] : [`${updates} updates a round`]),
    ...[partition, plan],
    ...(referee && judges === 'volunteers' ? ['volunteers judge'] : []),
    ...(partsFor === 'anyone' ? ['parts for anyone'] : []),
    ...(falls ? [] : ['no falls']),
  ];
  return facts.join(', ');
}
