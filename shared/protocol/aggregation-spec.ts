/** The aggregation rules that a run may choose from. `shared/aggregation` has their implementations. */
export const aggregationNames = ['mean', 'clipped-mean'] as const;
export type AggregationName = (typeof aggregationNames)[number];
