import { describePartition } from '../../learning/learning-run.ts';
import { CLEAN } from '../attack-table.ts';
import type { Grid } from '../cells.ts';
import type { AttackRow } from '../rows.ts';
import type { AttackFlags } from '../settings/attack-flags.ts';

/** The rows of which the flags speak. What no flag names is there in every form. */
export function askedRows(rows: readonly AttackRow[], flags: AttackFlags, grid: Grid): AttackRow[] {
  const partitions = grid.partitions.map(describePartition);
  const isAsked: { readonly [Flag in keyof AttackFlags]?: (row: AttackRow) => boolean } = {
    attacks: ({ attack }) => attack === CLEAN || grid.attacks.includes(attack),
    rules: ({ rule }) => grid.rules.includes(rule),
    buckets: ({ bucket }) => grid.buckets.includes(bucket),
    assumed: ({ assumed }) => assumed === grid.assumed,
    volunteers: ({ volunteers }) => grid.volunteers.includes(volunteers),
    updates: ({ updates }) => updates === grid.updates,
    partitions: ({ partition }) => partitions.includes(partition),
    seeds: ({ seed }) => grid.seeds.includes(seed),
    plan: ({ plan }) => plan === grid.plan,
    referee: ({ referee }) => referee,
    falls: ({ falls }) => falls,
    judges: ({ referee, judges }) => !referee || judges === grid.judges,
    unchecked: ({ check }) => !check,
    'parts-for': ({ partsFor }) => partsFor === grid.partsFor,
  };
  const asked = Object.entries(isAsked).filter(([flag]) => Object.hasOwn(flags, flag));
  return rows.filter(row => asked.every(([, is]) => is(row)));
}
