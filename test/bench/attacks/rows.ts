import * as z from 'zod';
import { errorText } from '../../../shared/protocol/error-text.ts';
import type { RowKind } from '../rows/row-file.ts';
import type { ArenaOutcome } from './arena/arena.ts';
import { type Cell, fieldsOf, keyOf } from './cell.ts';

/**
 * Raised with every change after which the same cell may have another accuracy: of the bench, or of anything in the
 * platform that it measures and that is not named in a row.
 */
export const ATTACKS_VERSION = 5;

const share = z.number().nullable();

/** A row of the `attacks` table, and everything in which its cell differs from others. */
const rowSchema = z.object({
  attack: z.string(),
  rule: z.string(),
  bucket: z.number(),
  assumed: z.number(),
  /** Of the volunteers, how many are hostile. */
  share: z.number(),
  volunteers: z.number(),
  hostile: z.number(),
  updates: z.number(),
  partition: z.string(),
  seed: z.number(),
  data: z.string(),
  plan: z.string(),
  referee: z.boolean(),
  check: z.boolean(),
  judges: z.string(),
  partsFor: z.string(),
  falls: z.boolean(),
  rounds: z.number(),
  /** On the test pictures. Null if the run failed, like all that follows. */
  accuracy: share,
  /** Of the clean run of the same rule and seed. */
  cleanAccuracy: share,
  /** Of the test pictures of other classes with the patch, the share that is taken for the attacker's class. */
  backdoorRate: share,
  /** Of what hostile volunteers sent, and of what honest ones sent; null if nothing was sent. */
  refusedShare: share,
  honestRefusedShare: share,
  /** `rounds`, `target`, `paused` or `stuck`. */
  ending: z.string().nullable(),
  /** Versions that came out. */
  versions: z.number().nullable(),
  /** How often the run returned to an older version by itself. */
  returns: z.number(),
  /** Rounds of which nothing was taken, since what they made hurt. */
  untaken: z.number(),
  /** Of one core. */
  seconds: z.number().nullable(),
  code: z.number().nullable(),
  /** Why there is no accuracy. */
  failed: z.string().nullable(),
});
export type AttackRow = z.infer<typeof rowSchema>;

export const attackRows: RowKind<AttackRow> = {
  parse: value => rowSchema.parse(value),
  keyOf,
  version: ATTACKS_VERSION,
};

export const isDone = ({ failed }: AttackRow): boolean => failed === null;

/** @param clean accuracy of the clean run; null for that run itself, and if it failed */
export function rowOf(cell: Cell, outcome: ArenaOutcome, clean: number | null, seconds: number): AttackRow {
  const { accuracy, backdoorRate, refusedShare, honestRefusedShare, ending, versions, returns, untaken } =
    outcome;
  return {
    ...fieldsOf(cell),
    accuracy: rounded(accuracy),
    cleanAccuracy: clean ?? (cell.hostile === 0 ? rounded(accuracy) : null),
    backdoorRate: rounded(backdoorRate),
    refusedShare: refusedShare === null ? null : rounded(refusedShare),
    honestRefusedShare: honestRefusedShare === null ? null : rounded(honestRefusedShare),
    ending,
    versions,
    returns,
    untaken,
    seconds: Number(seconds.toFixed(2)),
    code: ATTACKS_VERSION,
    failed: null,
  };
}

export const failedRow = (cell: Cell, error: unknown): AttackRow => ({
  ...fieldsOf(cell),
  ...{
    accuracy: null,
    cleanAccuracy: null,
    backdoorRate: null,
    refusedShare: null,
    honestRefusedShare: null,
  },
  ...{ ending: null, versions: null, returns: 0, untaken: 0, seconds: null, code: ATTACKS_VERSION },
  failed: (errorText(error).split('\n')[0] ?? '').slice(0, 200),
});

const rounded = (value: number): number => Number(value.toFixed(4));

/** Points of accuracy that the attack cost; null if one of the two runs failed. */
export const pointsLost = ({ accuracy, cleanAccuracy }: AttackRow): number | null =>
  accuracy === null || cleanAccuracy === null ? null : 100 * (cleanAccuracy - accuracy);
