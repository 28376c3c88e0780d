import type { Attack, Known } from '../attack.ts';
import { deviationOf, meanOf, scaled } from './vectors.ts';

/** Of the honest updates; of what the colluders would send if nobody else sends. */
const shown = ({ honest, colluders }: Known): readonly Float32Array[] =>
  honest.length > 0 ? honest : colluders;

/**
 * The largest z at which the median's supporters still lie farther from the mean than the attackers (Baruch et al.,
 * A Little Is Enough, arXiv 1902.06156): s = ⌊n/2 + 1⌋ − f honest volunteers are needed beside the
 * attackers for a majority, and Φ(z) < (n − f − s) / (n − f).
 * If the attackers are the majority of a role, they need no supporter and the paper has no z; it is that of one supporter.
 * @returns 0 if the attackers are so few that it would be negative
 */
export function largestDeviation(n: number, f: number): number {
  const supporters = Math.max(1, Math.floor(n / 2 + 1) - f);
  return Math.max(0, normalQuantile((n - f - supporters) / (n - f)));
}

/** Mean − z · standard deviation, coordinate by coordinate, so that each is hidden among the honest ones. */
const hidden = (known: Known, z: number): Float32Array => {
  const updates = shown(known);
  const deviation = deviationOf(updates);
  return meanOf(updates).map((value, i) => value - z * (deviation[i] as number));
};

export const littleIsEnough: Attack = {
  about: 'sends mean − z · deviation of the honest updates, with z from n and f',
  update: known =>
    hidden(known, largestDeviation(known.honest.length + known.colluders.length, known.colluders.length)),
};

/** The z of the paper's own experiments on MNIST, for however few attackers. */
const Z_ON_MNIST = 1.5;

export const littleAtFixedDeviation: Attack = {
  about: `the same with z = ${Z_ON_MNIST}`,
  update: known => hidden(known, Z_ON_MNIST),
};

/** −ε · mean of the honest updates (Xie et al., Fall of Empires, arXiv 1903.03936). */
export const innerProduct = (epsilon: number): Attack => ({
  about: `sends −${epsilon} · mean of the honest updates`,
  update: known => scaled(meanOf(shown(known)), -epsilon),
});

/** Where the standard normal distribution has this share below it, by halving: exact to 1e-9 in 40 steps. */
function normalQuantile(share: number): number {
  let [low, high] = [-8, 8];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Φ(z) with the error function of Abramowitz and Stegun, 7.1.26, to 1.5e-7. */
function normalShare(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const erf = 1 - poly * Math.exp(-x * x);
  return (1 + Math.sign(z) * erf) / 2;
}
