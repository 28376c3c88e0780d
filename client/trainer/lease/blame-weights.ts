import type { Loaded } from '../models/segment-models.ts';
import { DivergedError } from '../training/diverged-error.ts';

/** Far more than any weight that something was learnt with. */
const LARGEST_SANE = 1e6;

/**
 * A version may come with weights that no rate can train. Then the error says so, and nobody looks for a better rate.
 * @param error of a training of these segments
 */
export function blameWeights(error: unknown, loaded: Loaded): unknown {
  if (!(error instanceof DivergedError)) return error;
  const [worst] = Object.entries(loaded)
    .map(([segment, { start }]) => ({ segment, largest: Math.max(0, ...start.map(largestOf)) }))
    .filter(({ largest }) => !(largest <= LARGEST_SANE));
  if (!worst) return error;
  const { segment, largest } = worst;
  const told = Number.isFinite(largest) ? `up to ${largest.toPrecision(2)}` : 'that are no numbers';
  return new DivergedError('the loss', `${segment} came with weights ${told}, which no training can mend`);
}

/** Infinite if one of them is not a number. */
const largestOf = (values: Float32Array): number =>
  values.reduce(
    (largest, value) => (Number.isFinite(value) ? Math.max(largest, Math.abs(value)) : Infinity),
    0,
  );
