import type { Attack, Known } from '../attack.ts';
import { dot, meanOf, normOf, scaled, withNorm } from './vectors.ts';

/** Of so many rounds the norms are known that a clip may be made of. */
const REMEMBERED_ROUNDS = 3;

/**
 * A norm that no clip at a quartile, a median or a mean of what was accepted lately cuts down: their lower quartile. Before
 * the first round that of its own update.
 */
export function normUnderClip({ norms, own }: Pick<Known, 'norms' | 'own'>): number {
  const lately = norms
    .slice(-REMEMBERED_ROUNDS)
    .flat()
    .toSorted((a, b) => a - b);
  return lately[Math.floor((lately.length - 1) / 4)] ?? normOf(own);
}

/** What the run has learnt so far; in the first round, what the attackers would learn. */
const history = ({ moved, colluders }: Known): Float32Array =>
  normOf(moved) > 0 ? moved : meanOf(colluders);

/**
 * Each round takes back a part of what history has moved, as much as passes under the clip. It is the same direction round
 * after round, so what each clip lets through adds up (Karimireddy et al., arXiv 2012.10333: attackers that are
 * coupled across time).
 */
export const drift: Attack = {
  about: 'goes back along what was learnt so far, with a norm that no clip cuts',
  update: known => scaled(withNorm(history(known), normUnderClip(known)), -1),
};

/**
 * The part of the honest direction that history does not explain, with the other sign and under the clip. It stands
 * orthogonal on the remembered direction, so neither its norm nor its angle to history tells it (after Ozfatura et al.,
 * arXiv 2208.09894, the relocated orthogonal perturbation).
 */
export const orthogonalDrift: Attack = {
  about: 'the same, orthogonal on what was learnt so far',
  update: known => {
    const direction = meanOf(known.honest.length > 0 ? known.honest : known.colluders);
    const back = known.moved;
    const length = dot(back, back);
    const along = length > 0 ? dot(direction, back) / length : 0;
    const across = direction.map((value, i) => value - along * (back[i] as number));
    return scaled(withNorm(across, normUnderClip(known)), -1);
  },
};
