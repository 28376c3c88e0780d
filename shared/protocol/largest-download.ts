import { type ModelOutline, parametersOf } from './model-outline.ts';

const F32_BYTES = 4;

/** Of a segment's files beside its weights: topology and headers. */
const OVERHEAD_BYTES = 4_000_000;

/**
 * [ACC8] What one lease can have downloaded of this model, in bytes: downloads are summed for all to see, so they are
 * bounded.
 */
export const largestDownload = (model: ModelOutline): number =>
  model.segments.reduce((sum, segment) => sum + F32_BYTES * parametersOf(segment) + OVERHEAD_BYTES, 0);
