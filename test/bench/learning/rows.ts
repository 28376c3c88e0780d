import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { fieldsOf, keyOf, type LearningRun } from './learning-run.ts';
import { Diverged, type Outcome } from './outcome.ts';

const measured = z.number().nullable();
const byName = z.record(z.string(), z.number());

/** A row of the `learning` table, and everything in which its run differs from others. */
const rowSchema = z.object({
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
  /** Null if the run failed, like all that follows. */
  accuracy: measured,
  accuracyByExit: byName,
  loss: measured,
  rounds: measured,
  macs: measured,
  uploadMB: measured,
  downloadMB: measured,
  /** The peak of the largest role. */
  peakMemoryMB: measured,
  peakMemoryMBByRole: byName,
  seconds: measured,
  /** The layers after which the model was cut, joined by `+`. */
  cuts: z.string(),
  threads: z.number(),
  /** Why there is no accuracy. */
  failed: z.string().nullable(),
  /**
   * Whether it failed because the loss left the range of numbers. That is a result; running again would only repeat
   * it.
   */
  diverged: z.boolean(),
});
export type LearningRow = z.infer<typeof rowSchema>;

const NOTHING = {
  accuracy: null,
  accuracyByExit: {},
  loss: null,
  rounds: null,
  macs: null,
  uploadMB: null,
  downloadMB: null,
  peakMemoryMB: null,
  peakMemoryMBByRole: {},
  seconds: null,
  cuts: '',
} as const;

export function rowOf(run: LearningRun, outcome: Outcome, threads: number): LearningRow {
  const { peakMemoryMBByRole, cuts, ...rest } = outcome;
  const peaks = Object.entries(peakMemoryMBByRole).map(([role, mb]) => [role, round(mb, 1)] as const);
  return {
    ...fieldsOf(run),
    ...rest,
    loss: round(rest.loss, 5),
    uploadMB: round(rest.uploadMB, 3),
    downloadMB: round(rest.downloadMB, 3),
    seconds: round(rest.seconds, 1),
    peakMemoryMB: peaks.length > 0 ? Math.max(...peaks.map(([, mb]) => mb)) : null,
    peakMemoryMBByRole: Object.fromEntries(peaks),
    cuts: cuts.join('+'),
    threads,
    failed: null,
    diverged: false,
  };
}

export function failedRow(run: LearningRun, error: unknown, threads: number): LearningRow {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    ...fieldsOf(run),
    ...NOTHING,
    threads,
    failed: (reason.split('\n')[0] ?? '').slice(0, 200),
    diverged: error instanceof Diverged,
  };
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/**
 * The rows of a file; the newest one of each run.
 * @throws with one line that says which line is not a row
 */
export function readRows(path: string): LearningRow[] {
  if (!existsSync(path)) return [];
  const byKey = new Map<string, LearningRow>();
  for (const [i, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    if (line.trim() === '') continue;
    const row = parseRow(line, `${path}:${i + 1}`);
    byKey.set(keyOf(row), row);
  }
  return [...byKey.values()];
}

function parseRow(line: string, place: string): LearningRow {
  try {
    return rowSchema.parse(JSON.parse(line));
  } catch {
    throw new Error(`${place} is not a row of this bench: remove the line, or choose another --out`);
  }
}

export const appendRow = (path: string, row: LearningRow): void =>
  appendFileSync(path, `${JSON.stringify(row)}\n`);

/** Whether its run is finished: it has its accuracy, or it diverged. */
export const isDone = ({ failed, diverged }: LearningRow): boolean => failed === null || diverged;
