/** The root set of a run: training parts on which nobody trains but referees. */
import * as z from 'zod';
import type { AggregationName } from './aggregation-spec.ts';
import { type Dataset, partCount } from './dataset.ts';

/** As many as a lease may have. */
export const MAX_ROOT_PARTS = 64;

/** The last `parts` training parts are held back. */
export const rootSchema = z.object({ parts: z.int().min(1).max(MAX_ROOT_PARTS) });
export type Root = z.infer<typeof rootSchema>;

interface Parted {
  readonly dataset: Dataset;
  readonly root?: Root | undefined;
}

/** How many training parts are leased to volunteers. They are the first ones. */
export const volunteersParts = ({ dataset, root }: Parted): number =>
  partCount(dataset, 'train') - (root?.parts ?? 0);

/** The training parts that are held back, in order. A run without a root set has none. */
export const rootParts = ({ dataset, root }: Parted): readonly number[] =>
  Array.from({ length: root?.parts ?? 0 }, (_, i) => volunteersParts({ dataset, root }) + i);

/** [ROOT4] Whether the rule of a run compares updates with one that a referee trains on the root set. */
export const comparesWithRoot = ({
  aggregation,
  root,
}: {
  readonly aggregation: AggregationName;
  readonly root?: Root | undefined;
}): boolean => aggregation === 'fltrust' && root !== undefined;
