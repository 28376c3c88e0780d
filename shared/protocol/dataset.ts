/** A data set as a run's specification carries it: enough to draw or fetch any part, and to check it. */
import * as z from 'zod';
import { sha256Schema } from './identifiers.ts';
import { listOf } from './list-of.ts';
import { isOneLine, NOT_ONE_LINE } from './one-line.ts';
import { examplesPerPart, type ImageShape, MAX_CLASSES, PART_BYTES, partBytes } from './part-size.ts';

export const splitSchema = z.enum(['train', 'test']);
export type Split = z.infer<typeof splitSchema>;

/** Of `glyphs`, the built-in data set. */
export const GLYPH_CLASSES = 10;
export const GLYPH_SHAPE: ImageShape = { height: 28, width: 28, channels: 1 };

/** Whoever chooses one of these by its name wants no other set. */
export const builtInNames: readonly string[] = ['glyphs', 'digits', 'penguins'];

export const MAX_NAME_LENGTH = 64;

/** Of a data set or a class. */
const shownNameSchema = z.string().min(1).max(MAX_NAME_LENGTH).refine(isOneLine, NOT_ONE_LINE);

/** Bounds the size of a specification: 10,000 references of a hosted set are about 1 MB of JSON. */
export const MAX_PARTS = 10_000;
const partCountSchema = z.int().min(1).max(MAX_PARTS);

/** `alpha` > 0: 0.1 gives parts of one or two classes, 1 a marked skew, 100 nearly none. */
export const partitionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('iid') }),
  z.strictObject({ kind: z.literal('dirichlet'), alpha: z.number().min(0.001).max(1000) }),
]);

export const imageShapeSchema = z
  .strictObject({
    height: z.int().min(1).max(1024),
    width: z.int().min(1).max(1024),
    channels: z.int().min(1).max(16),
  })
  .refine(shape => examplesPerPart(shape) > 0, `a picture must fit a part of ${PART_BYTES} bytes`);

/** Drawn by each volunteer from the seed; `partition` skews the training parts, the test parts stay balanced. */
export const glyphsDatasetSchema = z.strictObject({
  kind: z.literal('glyphs'),
  name: z.literal('glyphs'),
  seed: z.int().min(0).max(0xffffffff),
  trainParts: partCountSchema,
  testParts: partCountSchema,
  examplesPerPart: z.int().min(1).max(examplesPerPart(GLYPH_SHAPE)),
  partition: partitionSchema,
});

export const partRefSchema = z.strictObject({
  sha256: sha256Schema,
  bytes: z.int().min(1).max(PART_BYTES),
  examples: z.int().min(1).max(PART_BYTES),
});

const partRefsSchema = listOf(partRefSchema, { min: 1, max: MAX_PARTS });

/** The most characters of the line that says where a data set is from. */
export const MAX_SOURCE_LENGTH = 200;

/** A column of a table: how its numbers became the bytes of parts. `least` is 0 and `most` is 255. */
export const columnSchema = z
  .strictObject({ name: shownNameSchema, least: z.number(), most: z.number() })
  .refine(({ least, most }) => least < most, 'the least of a column is below its most');

const columnsSchema = listOf(columnSchema, { min: 1, max: 1024 });

/** Parts kept by hash; `partition` says how they were cut. */
export const hostedDatasetSchema = z
  .strictObject({
    kind: z.literal('hosted'),
    name: shownNameSchema,
    shape: imageShapeSchema,
    classes: z.int().min(2).max(MAX_CLASSES),
    classNames: listOf(shownNameSchema, { max: MAX_CLASSES }).exactOptional(),
    /** Who made it, and what its licence is. */
    source: z.string().min(1).max(MAX_SOURCE_LENGTH).refine(isOneLine, NOT_ONE_LINE).exactOptional(),
    /** If it is a table: a row is a picture of 1 × columns × 1. */
    columns: columnsSchema.exactOptional(),
    partition: partitionSchema,
    train: partRefsSchema,
    test: partRefsSchema,
  })
  .refine(
    ({ classes, classNames }) => !classNames || classNames.length === classes,
    'one name for each class',
  )
  .refine(
    ({ shape, columns }) =>
      !columns || (shape.height === 1 && shape.width === columns.length && shape.channels === 1),
    'a row of a table is a picture of 1 × columns × 1',
  )
  .refine(
    ({ shape, train, test }) =>
      [...train, ...test].every(({ bytes, examples }) => bytes === partBytes(shape, examples)),
    'a part has other than the bytes its examples need',
  );

export const datasetSchema = z.discriminatedUnion('kind', [glyphsDatasetSchema, hostedDatasetSchema]);

export type Partition = z.infer<typeof partitionSchema>;
export type GlyphsDataset = z.infer<typeof glyphsDatasetSchema>;
/** Values at or below `least` become 0, at or above `most` 255, and those between in proportion. */
export type Column = z.infer<typeof columnSchema>;
export type PartRef = z.infer<typeof partRefSchema>;
export type HostedDataset = z.infer<typeof hostedDatasetSchema>;
export type Dataset = z.infer<typeof datasetSchema>;

export const datasetShape = (dataset: Dataset): ImageShape =>
  dataset.kind === 'glyphs' ? GLYPH_SHAPE : dataset.shape;

export const datasetClasses = (dataset: Dataset): number =>
  dataset.kind === 'glyphs' ? GLYPH_CLASSES : dataset.classes;

/** Whether its pictures are rows of numbers, which have no neighbours: convolutions mean nothing there. */
export const isTable = (dataset: Dataset): boolean =>
  dataset.kind === 'hosted' && dataset.columns !== undefined;

/** What an example of a data set is called. Whoever names examples to people asks here. */
export type ExampleKind = 'picture' | 'row';
export const exampleKind = (dataset: Dataset): ExampleKind => (isTable(dataset) ? 'row' : 'picture');

export function partCount(dataset: Dataset, split: Split): number {
  if (dataset.kind === 'hosted') return dataset[split].length;
  return split === 'train' ? dataset.trainParts : dataset.testParts;
}

/** How many examples part `index` holds; 0 if there is no such part. */
export function partExamples(dataset: Dataset, split: Split, index: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= partCount(dataset, split)) return 0;
  return dataset.kind === 'glyphs' ? dataset.examplesPerPart : (dataset[split][index]?.examples ?? 0);
}

/** How many examples all parts of a split hold. */
export function splitExamples(dataset: Dataset, split: Split): number {
  if (dataset.kind === 'glyphs') return partCount(dataset, split) * dataset.examplesPerPart;
  return dataset[split].reduce((sum, { examples }) => sum + examples, 0);
}
