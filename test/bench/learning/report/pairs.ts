import * as z from 'zod';
import { formatTable } from '../../report.ts';
import { type ArmResult, bestOf, type Comparison } from './comparison.ts';
import { differenceOf } from './row-text.ts';
import { type Difference, pairedDifference } from './statistics.ts';

/** Chosen differences between arms, by their names: the first minus the second. */

/** Exits as rows name them (`measure-accuracy`): the n-th from the front is `exit-n`. */
const SIDE = /^[^:]+(:(student|last|sum|ensemble|exit-([2-9]|[1-5]\d|6[0-3])))?$/;
const side = z
  .string()
  .regex(
    SIDE,
    'takes the name of an arm, or arm:exit with the exit student, exit-2 and so on, last, sum or ensemble',
  );
export const pairSchema = z
  .tuple([side, side])
  .refine(([first, second]) => first !== second, 'an arm does not differ from itself');
export type Pair = Readonly<z.infer<typeof pairSchema>>;

/** Those that answer what a comparison with such arms asks; the arms of the others are not there. */
export const STANDARD_PAIRS: readonly Pair[] = [
  ['joint', 'conventional'],
  ['joint', 'student-alone'],
  ['growing-sum', 'conventional'],
  ['growing-sum', 'student-alone'],
  ['conventional', 'student-alone'],
  ['depth-distil', 'all-shallow'],
  ['depth-distil', 'strong-only'],
  ['depth-distil', 'hetero-fl'],
  ['depth-distil', 'depth'],
  ['depth-distil:last', 'depth:last'],
  ['depth-distil:student', 'all-shallow'],
  ['all-strong', 'all-shallow'],
];

/** An arm, and which of its exits is meant; null is the plan's own answer. */
interface Side {
  readonly arm: string;
  readonly exit: string | null;
}

function sideOf(text: string): Side {
  const [arm = '', exit = null] = text.split(':');
  return { arm, exit };
}

/** @throws if a pair names an arm that is not there */
export function checkPairs(pairs: readonly Pair[], names: readonly string[]): void {
  const missing = pairs.flat().find(text => !names.includes(sideOf(text).arm));
  if (missing === undefined) return;
  throw new Error(
    `there is no arm '${sideOf(missing).arm}', there are ${names.join(', ') || 'none with a name'}`,
  );
}

/** The pairs of which both sides ran, each in a line; nothing if there are none. */
export function formatPairs({ arms }: Comparison, pairs: readonly Pair[]): string {
  const lines = pairs.flatMap(([first, second]) => {
    const difference = pairOf(arms, sideOf(second), sideOf(first));
    return difference ? [[`${first} − ${second}`, differenceOf(difference), `${difference.pairs}`]] : [];
  });
  return lines.length === 0 ? '' : formatTable(['pair', 'points', 'seeds'], lines);
}

function pairOf(arms: readonly ArmResult[], from: Side, to: Side): Difference | null {
  const [a, b] = [valuesOf(arms, from), valuesOf(arms, to)];
  return a && b ? pairedDifference(a, b) : null;
}

/** By seed. An arm that ran at several rates stands with its best. */
function valuesOf(arms: readonly ArmResult[], { arm, exit }: Side): Map<number, number> | null {
  const rows = bestOf(arms.filter(({ sample }) => sample.arm === arm).map(one => one.rows));
  if (!rows) return null;
  return new Map(
    rows.flatMap(row => {
      const value = exit === null ? row.accuracy : row.exits[exit];
      return value === undefined || value === null ? [] : [[row.seed, value] as const];
    }),
  );
}
