import type { AggregationName } from '../protocol/aggregation-spec.ts';
import type { Result } from '../protocol/refusals.ts';
import { clippedMean } from './clipped-mean.ts';
import type { ExactSum } from './exact-sum.ts';
import { mean } from './mean.ts';

export interface AggregationOptions {
  /** The norm an update is scaled down to where it is longer; null where none is known or wanted. */
  readonly clip: number | null;
}

/**
 * How updates become one (the form of fedjax's aggregators). State is plain data; adding and merging may reuse its
 * memory, so go on with what they return. Any order of adding and any partition into merged states gives the same bytes.
 */
export interface AggregationRule<State> {
  /** `elements`: how many values an update has. */
  init(elements: number, options: AggregationOptions): State;
  /**
   * One update, flat, with its weight in samples. Where it is only a part of what the lease trained (one tensor, one
   * shard), `norm` is that of the whole update, else it is computed. A refused update leaves the state as it was.
   */
  add(state: State, update: Float32Array, weight: number, norm?: number): Result<State>;
  /** Two partial states as one. Throws where they were not begun alike. */
  merge(a: State, b: State): Result<State>;
  /** The aggregate; null when nothing was added. The state stays as it is. */
  finish(state: State): Float32Array<ArrayBuffer> | null;
}

export const aggregationRules: Readonly<Record<AggregationName, AggregationRule<ExactSum>>> = {
  mean,
  'clipped-mean': clippedMean,
};
