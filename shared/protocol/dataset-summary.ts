import * as z from 'zod';
import {
  type Dataset,
  datasetClasses,
  datasetShape,
  imageShapeSchema,
  isTable,
  MAX_PARTS,
  partCount,
  type Split,
  splitExamples,
} from './dataset.ts';
import { countSchema } from './identifiers.ts';
import { MAX_CLASSES, partBytes } from './part-size.ts';

const splitSizeSchema = z.object({ parts: z.int().min(1).max(MAX_PARTS), examples: countSchema });

/** What the list of data sets says of each: some hundred characters in the place of a megabyte of references. */
export const datasetSummarySchema = z.object({
  name: z.string().min(1).max(200),
  shape: imageShapeSchema,
  classes: z.int().min(2).max(MAX_CLASSES),
  isTable: z.boolean(),
  source: z.string().optional(),
  train: splitSizeSchema,
  test: splitSizeSchema,
  /** Of all parts together. */
  bytes: countSchema,
  /** In milliseconds since 1970. Left out by a platform of an older release. */
  createdAt: countSchema.optional(),
});
export type DatasetSummary = z.infer<typeof datasetSummarySchema>;

const bytesOf = (dataset: Dataset, split: Split): number =>
  dataset.kind === 'hosted'
    ? dataset[split].reduce((sum, { bytes }) => sum + bytes, 0)
    : partBytes(datasetShape(dataset), splitExamples(dataset, split));

export function summaryOf(dataset: Dataset): DatasetSummary {
  const sizeOf = (split: Split) => ({
    ...{ parts: partCount(dataset, split), examples: splitExamples(dataset, split) },
  });
  const [shape, train, test] = [datasetShape(dataset), sizeOf('train'), sizeOf('test')];
  return {
    ...{ name: dataset.name, shape, classes: datasetClasses(dataset), isTable: isTable(dataset) },
    ...(dataset.kind === 'hosted' && dataset.source !== undefined && { source: dataset.source }),
    ...{ train, test, bytes: bytesOf(dataset, 'train') + bytesOf(dataset, 'test') },
  };
}
