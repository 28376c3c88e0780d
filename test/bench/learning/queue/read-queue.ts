import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { learningRateFor } from '../../../../shared/protocol/model-zoo.ts';
import { isThere } from '../bench-data.ts';
import { describeCut, describeSettings } from '../learning-run.ts';
import { checkPairs, pairSchema, STANDARD_PAIRS } from '../report/pairs.ts';
import type { LearningFlags } from '../settings/learning-flags.ts';
import { type ArmRequest, readConfig } from '../settings/read-arms.ts';
import { type BenchTerms, readTerms } from '../settings/read-terms.ts';
import { atPlace } from '../settings/read-values.ts';
import { checkDevices } from '../settings/settings.ts';
import type { BenchEntry, EntryArm } from './entry.ts';

const value = z.union([z.string(), z.number()]);
const seeds = z
  .array(z.number().int().min(1).max(999_999))
  .min(1)
  .refine(list => new Set(list).size === list.length, 'a seed comes twice');

/** The terms as flags say them, with names in camel case. */
const termsSchema = z
  .strictObject({
    dataset: z.string(),
    examples: value,
    split: z.string(),
    match: z.string(),
    budget: value,
    leaseExamples: value,
    batch: value,
    federated: z.boolean(),
    volunteers: value,
    partition: z.string(),
    localEpochs: value,
    devices: z.string(),
    own: z.boolean(),
  })
  .partial();

const tuneSchema = z.strictObject({
  seeds,
  rates: z
    .array(z.number().positive().max(10))
    .min(2)
    .refine(list => new Set(list).size === list.length, 'a rate comes twice'),
});

const entrySchema = z.strictObject({
  name: z.string().trim().min(1).max(80),
  out: z.string().min(1).optional(),
  terms: termsSchema,
  seeds,
  arms: z.array(z.unknown()).min(1),
  tune: tuneSchema.optional(),
  pairs: z.array(pairSchema).min(1).optional(),
});

const queueSchema = z.strictObject({
  /** Beside the queue's file; entries may have others. */
  out: z.string().min(1).optional(),
  runs: z.array(entrySchema).min(1),
});
type QueueFile = z.infer<typeof queueSchema>;
type EntryFile = z.infer<typeof entrySchema>;

/**
 * The entries of a queue's file. Files of rows are named from where it lies.
 * @throws with one line that says what is wrong, and in which place
 */
export function readQueue(path: string, text: string): BenchEntry[] {
  const json = atPlace(path, (): unknown => JSON.parse(text));
  const parsed = queueSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${path}: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`);
  }
  return atPlace(path, () =>
    parsed.data.runs.map((entry, i) => readEntry(entry, i, parsed.data, dirname(path))),
  );
}

function readEntry(entry: EntryFile, index: number, queue: QueueFile, folder: string): BenchEntry {
  const place = `runs.${index}`;
  const out = entry.out ?? queue.out;
  if (out === undefined) throw new Error(`${place}: there is no out, the file of its rows, and none for all`);
  const terms = atPlace(`${place}.terms`, () => readEntryTerms(entry));
  const requests = readConfig(entry.arms, `${place}.arms.`, terms.federated, false);
  atPlace(`${place}.arms`, () => checkArms(requests, terms));
  const pairs = entry.pairs ?? STANDARD_PAIRS;
  const names = requests.flatMap(({ arm }) => arm ?? []);
  if (entry.tune && requests.every(({ rate }) => rate !== null))
    throw new Error(`${place}.tune: every arm has a rate of its own, there is none to choose`);
  if (entry.pairs) atPlace(`${place}.pairs`, () => checkPairs(pairs, names));
  return {
    name: entry.name,
    out: resolve(folder, out),
    terms,
    arms: requests.map(request => entryArm(request, entry.tune?.rates ?? null)),
    seeds: entry.seeds,
    tuneSeeds: entry.tune?.seeds ?? [],
    pairs,
  };
}

/** An arm with a rate of its own is not tuned. */
const entryArm = ({ rate, ...arm }: ArmRequest, tried: readonly number[] | null): EntryArm => ({
  ...arm,
  rates: rate === null ? (tried ?? [learningRateFor(arm.model)]) : [rate],
});

function readEntryTerms({ terms, tune }: EntryFile): BenchTerms {
  const read = readTerms(flagsOf(terms));
  if (!isThere(read.dataset)) throw new Error(`there is no ${read.dataset} in ../shared/data`);
  if (tune && read.split === 'dev')
    throw new Error(
      'rates are tuned on the development split for the test split, and these runs are on the former',
    );
  return read;
}

const flagsOf = (terms: EntryFile['terms']): LearningFlags => ({
  dataset: terms.dataset,
  examples: textOf(terms.examples),
  split: terms.split,
  match: terms.match,
  budget: textOf(terms.budget),
  'lease-examples': textOf(terms.leaseExamples),
  batch: textOf(terms.batch),
  federated: terms.federated,
  volunteers: textOf(terms.volunteers),
  partition: terms.partition,
  'local-epochs': textOf(terms.localEpochs),
  devices: terms.devices,
  own: terms.own,
});

const textOf = (given: string | number | undefined): string | undefined =>
  given === undefined ? undefined : `${given}`;

function checkArms(arms: readonly ArmRequest[], terms: BenchTerms): void {
  checkDevices(arms, terms);
  const seen = new Map<string, number>();
  for (const [i, arm] of arms.entries()) {
    const { model, plan, rate, heads, isAllStrong } = arm;
    const key = JSON.stringify([
      ...[model, plan.name, describeSettings(plan), describeCut(arm), heads, rate, isAllStrong],
    ]);
    const same = seen.get(key);
    if (same !== undefined) throw new Error(`arm ${i} is the same as arm ${same}`);
    seen.set(key, i);
  }
  checkNames(arms);
}

/** A pair names one arm of each model; only rates of it may be several. */
function checkNames(arms: readonly ArmRequest[]): void {
  const named = new Map<string, string>();
  for (const [i, { rate: _, ...arm }] of arms.entries()) {
    if (arm.arm === null) continue;
    const [key, meant] = [JSON.stringify([arm.model, arm.arm]), JSON.stringify(arm)];
    if ((named.get(key) ?? meant) !== meant)
      throw new Error(`arm ${i}: there is another arm '${arm.arm}' of ${arm.model}`);
    named.set(key, meant);
  }
}
