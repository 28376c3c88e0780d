import type { Partition } from '../../../shared/protocol/dataset.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import { describePartition } from '../learning/learning-run.ts';
import type { AttackDataName } from './attack-data.ts';

/** The plans that the bench's trainer can train. */
export const ATTACK_PLANS = ['layer-to-layer', 'conventional'] as const;
export type AttackPlan = (typeof ATTACK_PLANS)[number];

export type Judges = RunSpec['policy']['evaluators'];
export const JUDGES: readonly Judges[] = ['referees', 'volunteers'];

export type PartsFor = RunSpec['training']['partsFor'];
export const PARTS_FOR: readonly PartsFor[] = ['volunteer', 'anyone'];

/** One training of a run from a seed, with some of its volunteers hostile. */
export interface Cell {
  /** Of the table; `none` for the run that others are compared with. */
  readonly attack: string;
  readonly rule: string;
  /** So many updates are averaged before the rule sees them (`robust.bucket`). */
  readonly bucket: number;
  /** The share of updates that the rule takes for hostile (`robust.hostile`). */
  readonly assumed: number;
  readonly volunteers: number;
  readonly hostile: number;
  /** So many updates a round wants of all roles together (`policy.updatesPerRound`). */
  readonly updates: number;
  readonly partition: Partition;
  readonly seed: number;
  readonly data: AttackDataName;
  readonly plan: AttackPlan;
  /** Whether the host's referee is there. */
  readonly referee: boolean;
  /** Whether it checks each version before that is out (`policy.check`). */
  readonly check: boolean;
  /** Who judges versions (`policy.evaluators`). */
  readonly judges: Judges;
  /** Whether each volunteer has pictures of its own, or trains on the next ones (`training.partsFor`). */
  readonly partsFor: PartsFor;
  /** Whether the run returns to an older version by itself, as the product's runs do (`policy.maxDrop`). */
  readonly falls: boolean;
  readonly rounds: number;
}

/** The cell as flat fields: the beginning of its row, and what identifies it. */
export const fieldsOf = (cell: Cell) => ({
  attack: cell.attack,
  rule: cell.rule,
  bucket: cell.bucket,
  assumed: cell.assumed,
  share: Number((cell.hostile / cell.volunteers).toFixed(4)),
  volunteers: cell.volunteers,
  hostile: cell.hostile,
  updates: cell.updates,
  partition: describePartition(cell.partition),
  seed: cell.seed,
  data: cell.data as string,
  plan: cell.plan as string,
  referee: cell.referee,
  check: cell.check,
  judges: cell.judges as string,
  partsFor: cell.partsFor as string,
  falls: cell.falls,
  rounds: cell.rounds,
});
export type CellFields = ReturnType<typeof fieldsOf>;

/** Two cells with the same key are the same run. */
export const keyOf = (fields: CellFields): string =>
  JSON.stringify([
    ...[fields.attack, fields.rule, fields.volunteers, fields.hostile, fields.partition, fields.seed],
    ...[fields.data, fields.plan, fields.referee, fields.rounds],
    ...[fields.bucket, fields.assumed, fields.updates, fields.falls, fields.check],
    ...[fields.partsFor, fields.judges],
  ]);
