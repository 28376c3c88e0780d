import * as z from 'zod';
import { errorText } from '../../../shared/protocol/error-text.ts';
import type { RowKind } from '../rows/row-file.ts';
import { fieldsOf, keyOf, type LearningRun } from './learning-run.ts';
import { Diverged, type Outcome } from './outcome.ts';
import type { TrainedOn } from './trained-on.ts';
import { LEARNING_VERSION } from './version.ts';

const measured = z.number().nullable();
const byName = z.record(z.string(), z.number());

/**
 * A row of the `learning` table, and everything in which its run differs from others. A field with a default is missing
 * in rows that were published before it was there.
 */
const rowSchema = z.object({
  arm: z.string().nullable().default(null),
  model: z.string(),
  plan: z.string(),
  planSettings: z.string(),
  cut: z.string(),
  heads: z.string().nullable(),
  learningRate: z.number(),
  dataset: z.string(),
  trainExamples: z.number(),
  seed: z.number(),
  match: z.string(),
  budget: z.number(),
  split: z.string(),
  batch: z.number(),
  leaseExamples: z.number(),
  federated: z.boolean(),
  volunteers: measured,
  partition: z.string().nullable(),
  localEpochs: measured,
  devices: z.string().nullable().default(null),
  allStrong: z.boolean().default(false),
  ownPictures: z.boolean().default(false),
  /** Null if the run failed, like all that follows. */
  accuracy: measured,
  /** Of every exit that was trained, by name; older rows, which name exits otherwise, have none. */
  exits: byName.default({}),
  loss: measured,
  rounds: measured,
  macs: measured,
  uploadMB: measured,
  downloadMB: measured,
  /** Of a mean update of each role. */
  uploadMBByRole: byName.default({}),
  macsByRole: byName.default({}),
  /** The peak of the largest role. */
  peakMemoryMB: measured,
  peakMemoryMBByRole: byName,
  seconds: measured,
  /** The layers after which the model was cut, joined by `+`. */
  cuts: z.string(),
  /** Of the trainer. Another one rounds otherwise, and the run is the same nevertheless. */
  backend: z.string().default('wasm'),
  /** The graphics card's name. */
  gpu: z.string().nullable().default(null),
  threads: z.number(),
  /** The version of the code (`version.ts`); null in rows that were published before there were any. */
  code: measured.default(null),
  /** Why there is no accuracy. */
  failed: z.string().nullable(),
  /**
   * Whether it failed because the loss left the range of numbers. That is a result; running again would only repeat
   * it.
   */
  diverged: z.boolean(),
});
export type LearningRow = z.infer<typeof rowSchema>;

export const learningRows: RowKind<LearningRow> = {
  parse: value => rowSchema.parse(value),
  keyOf,
  version: LEARNING_VERSION,
};

const NOTHING = {
  accuracy: null,
  exits: {},
  loss: null,
  rounds: null,
  macs: null,
  uploadMB: null,
  downloadMB: null,
  uploadMBByRole: {},
  macsByRole: {},
  peakMemoryMB: null,
  peakMemoryMBByRole: {},
  seconds: null,
  cuts: '',
} as const;

export function rowOf(run: LearningRun, outcome: Outcome, on: TrainedOn): LearningRow {
  const { peakMemoryMBByRole, cuts, ...rest } = outcome;
  const peaks = roundEach(peakMemoryMBByRole, 1);
  return {
    ...fieldsOf(run),
    ...rest,
    loss: round(rest.loss, 5),
    uploadMB: round(rest.uploadMB, 3),
    downloadMB: round(rest.downloadMB, 3),
    uploadMBByRole: roundEach(rest.uploadMBByRole, 4),
    macsByRole: roundEach(rest.macsByRole, 0),
    seconds: round(rest.seconds, 1),
    peakMemoryMB: largest(Object.values(peaks)),
    peakMemoryMBByRole: peaks,
    cuts: cuts.join('+'),
    ...on,
    code: LEARNING_VERSION,
    failed: null,
    diverged: false,
  };
}

export function failedRow(run: LearningRun, error: unknown, on: TrainedOn): LearningRow {
  const reason = errorText(error);
  return {
    ...fieldsOf(run),
    ...NOTHING,
    ...on,
    code: LEARNING_VERSION,
    failed: (reason.split('\n')[0] ?? '').slice(0, 200),
    diverged: error instanceof Diverged,
  };
}

const largest = (values: readonly number[]): number | null =>
  values.length > 0 ? Math.max(...values) : null;

const roundEach = (values: Readonly<Record<string, number>>, digits: number): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round(value, digits)]));

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Whether its run is finished: it has its accuracy, or it diverged. */
export const isDone = ({ failed, diverged }: LearningRow): boolean => failed === null || diverged;
