import type { Guess } from '../../../trainer/trainer-api.ts';

/**
 * The trainer takes what a network puts out for logits, and tells their softmax. The network of an ensemble puts out
 * probabilities p, and the trainer tells s = exp(p) ∕ Z of them. Since all p add up to 1, ln Z = (1 − Σ ln s) ∕ n, and
 * p = ln s + ln Z.
 * @param guesses of all classes
 */
export function sharesOfProbabilities(guesses: readonly Guess[]): Guess[] {
  const logZ = (1 - guesses.reduce((sum, { share }) => sum + Math.log(share), 0)) / guesses.length;
  return guesses.map(({ label, share }) => ({
    label,
    share: Math.min(1, Math.max(0, Math.log(share) + logZ)),
  }));
}
