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
    const across = withoutPart(honestDirection(known), known.moved);
    return scaled(withNorm(across, normUnderClip(known)), -1);
  },
};

/**
 * Half along the honest direction and half across it, back along what was learnt so far. A rule that trusts an update by its
 * cosine c to an honest one takes in c · √(1 − c²) of what lies across, and that is most at 45 degrees (after the adaptive
 * attack of Cao et al., arXiv 2012.13995, section V, which climbs to about that).
 */
export const turn: Attack = {
  about:
    'lies at 45 degrees to the honest direction, and goes back along what was learnt as far as that allows',
  update: known => {
    const direction = honestDirection(known);
    const back = scaled(withoutPart(known.moved, direction), -1);
    const across = normOf(back) > 0 ? back : withoutPart(meanOf(known.colluders), direction);
    const [one, other] = [withNorm(direction, 1), withNorm(across, 1)];
    return withNorm(
      one.map((value, i) => value + (other[i] as number)),
      normOf(known.own),
    );
  },
};

const honestDirection = ({ honest, colluders }: Known): Float32Array =>
  meanOf(honest.length > 0 ? honest : colluders);

/** What of the vector stands orthogonal on the other. */
function withoutPart(vector: Float32Array, other: Float32Array): Float32Array {
  const length = dot(other, other);
  const along = length > 0 ? dot(vector, other) / length : 0;
  return vector.map((value, i) => value - along * (other[i] as number));
}
