/** How much higher than the lowest loss of the last versions a loss may be: a share of it, and so much more. */
interface Tolerance {
  readonly share: number;
  readonly more: number;
}

/** [CHECK6] Above this a candidate hurts. Near chance a ruined network's loss is little higher than this. */
const HURTS: Tolerance = { share: 0.05, more: 0.05 };

/** [CHECK6] Above this it hurts badly. None of 1,150 honest rounds was as bad as that. */
const HURTS_BADLY: Tolerance = { share: 1, more: 1 };

/** As the evaluator counts a loss that is no number, and any that is higher. */
const LARGEST_LOSS = 1_000;

/** The mean loss on the root set, at each exit that is checked. The first one is that by which the version is judged. */
export type RootLosses = readonly number[];

/** [CHECK6] The highest losses, one for each exit, that do not hurt, and those that do not hurt badly. */
export interface LossLimits {
  readonly limits: RootLosses;
  readonly badly: RootLosses;
}

/**
 * @param before of the version before
 * @param others of the last versions that were measured at the same exits
 */
export const lossLimits = (before: RootLosses, others: readonly RootLosses[]): LossLimits => ({
  limits: within(HURTS, before, others),
  badly: within(HURTS_BADLY, before, others),
});

const within = (tolerance: Tolerance, before: RootLosses, others: readonly RootLosses[]): number[] =>
  before.map((own, exit) => {
    const lowest = others.reduce((least, losses) => Math.min(least, bounded(losses[exit])), bounded(own));
    return Math.max(bounded(own), lowest * (1 + tolerance.share) + tolerance.more);
  });

/** Whether one of these losses is above its limit. */
export const isAbove = (losses: RootLosses, limits: readonly number[]): boolean =>
  limits.some((limit, exit) => bounded(losses[exit]) > limit);

/** By how much these losses are above their limits, at the exit at which they are worst. Below 0 if none is. */
export const excess = (losses: RootLosses, limits: readonly number[]): number =>
  Math.max(...limits.map((limit, exit) => bounded(losses[exit]) - limit));

/** The exit at which a candidate is worst, by how far it is above its limit. */
export const worstExit = (losses: RootLosses, limits: readonly number[]): number =>
  limits.reduce(
    (worst, _, exit) => (over(losses, limits, exit) > over(losses, limits, worst) ? exit : worst),
    0,
  );

const over = (losses: RootLosses, limits: readonly number[], exit: number): number =>
  bounded(losses[exit]) - (limits[exit] ?? 0);

/** A loss that is missing or no number is the largest: who returns nothing must not pass. */
export const bounded = (loss: number | undefined): number =>
  loss === undefined || Number.isNaN(loss) ? LARGEST_LOSS : Math.min(LARGEST_LOSS, loss);
