import { type Dataset, datasetClasses } from './dataset.ts';

/** The name of each class; its number if the data set has no names. */
export const classNamesOf = (dataset: Dataset): readonly string[] =>
  (dataset.kind === 'hosted' ? dataset.classNames : undefined) ??
  Array.from({ length: datasetClasses(dataset) }, (_, label) => String(label));
