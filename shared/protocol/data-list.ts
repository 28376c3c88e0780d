import * as z from 'zod';
import { datasetSummarySchema, summaryOf } from './dataset-summary.ts';
import { datasetListSchema, storageSchema } from './messages.ts';
import { readableOf } from './readable-of.ts';

/** [EVENT7] A platform of an older release lists whole sets. */
export const dataListSchema = z.union([
  z.object({ sets: readableOf(datasetSummarySchema), storage: storageSchema }),
  datasetListSchema.transform(({ datasets, storage }) => ({ sets: datasets.map(summaryOf), storage })),
]);
export type DataList = z.infer<typeof dataListSchema>;
