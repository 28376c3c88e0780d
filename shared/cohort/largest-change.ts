import { maxDelta } from '../aggregation/exact-sum.ts';
import { codecOf } from '../codec/codecs.ts';
import type { ExpectedTensor } from '../protocol/expected-tensors.ts';
import type { LeaseClaims } from '../protocol/lease.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import { taskOf } from './trained-segments.ts';

/**
 * An honest lease changes a weight by so many times the tensor's largest one in version 0, at most. Measured on networks
 * of the zoo at a rate of 0.05 and a momentum of 0.9: 5.7 times in the worst tensor, which is the shift of a norm.
 */
const TIMES = 32;

/** What counts as the largest weight of a tensor that begins with zeros, as biases do, or with next to nothing. */
const LEAST_PEAK = 1 / 4;

/** The rate that was measured. At ten times that rate, changes are a hundred times as large. */
const RATE = 0.05;

/** The steps of a lease of usual size. With more, weights go further. */
const STEPS = 32;

/**
 * [ACC7] The largest change of each tensor's values that is accepted of a lease. It follows the tensor's own scale, the
 * run's rate and the steps of the lease, and is never more than the exact sum takes. If the codec keeps what it leaves
 * unsent, changes of many leases come at once, and only the exact sum is a bound. So it is if the outline does not say how
 * large the tensor is, as those of older releases.
 */
export function largestChanges(config: RunConfig, claims: LeaseClaims): (tensor: ExpectedTensor) => number {
  const { training, codec } = config.spec;
  const epochs = taskOf(config, claims.round, claims.role)?.epochs ?? 1;
  const steps = (epochs * claims.examples) / training.batch;
  const further = Math.max(1, (training.learningRate / RATE) ** 2) * Math.max(1, steps / STEPS);
  const isSaved = codecOf(codec).residualDecay !== undefined;
  return ({ peak }) =>
    peak === undefined || isSaved
      ? maxDelta
      : Math.min(maxDelta, TIMES * Math.max(peak, LEAST_PEAK) * further);
}
