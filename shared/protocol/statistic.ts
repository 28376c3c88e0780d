import * as z from 'zod';

/**
 * What a tensor of batch norm follows: the mean or the variance of what came into the layer. Such a tensor is observed
 * and not learnt. No gradient moves it, and its scale is that of the data.
 */
export const statisticSchema = z.enum(['mean', 'variance']);
export type Statistic = z.infer<typeof statisticSchema>;

/**
 * The largest size of a mean. Features between segments are kept as half floats, so what is larger than 65,504 is cut
 * off there, and no mean of it is larger. Pictures in 0 to 255 have a mean of some hundred.
 */
export const LARGEST_MEAN = 2 ** 16;

/** Of values of at most that size, no variance is larger than the square of it. */
export const LARGEST_VARIANCE = LARGEST_MEAN ** 2;

/** Whether a statistic can have this value. */
const isPossible: Readonly<Record<Statistic, (value: number) => boolean>> = {
  mean: value => Math.abs(value) <= LARGEST_MEAN,
  variance: value => value >= 0 && value <= LARGEST_VARIANCE,
};

/** One line for people if a statistic cannot have one of these values; else null. */
export function whyImpossible(tensor: string, statistic: Statistic, values: Float32Array): string | null {
  const value = values.find(one => !isPossible[statistic](one));
  return value === undefined
    ? null
    : `${nameStatistic(tensor, statistic)} ${describeFault(statistic, value)}`;
}

/** Such as "the moving variance of layer conv1-norm". A tensor is named after its layer, as `layer/moving_variance`. */
const nameStatistic = (tensor: string, statistic: Statistic): string =>
  `the moving ${statistic} of layer ${tensor.replace(/\/[^/]*$/, '')}`;

function describeFault(statistic: Statistic, value: number): string {
  if (!Number.isFinite(value))
    return 'is not a finite number: the values that come into the layer are too large';
  const shown = Number(value.toPrecision(4));
  if (statistic === 'variance' && value < 0) return `is ${shown}: no variance is below zero`;
  const most = statistic === 'mean' ? LARGEST_MEAN : LARGEST_VARIANCE;
  return `is ${shown}, at most ${most} is possible: the values that come into the layer are too large`;
}
