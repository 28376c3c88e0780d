import type { Attack } from '../attack.ts';
import { drawNormal, scaled } from './vectors.ts';

/**
 * An update k times as large (model replacement without a second aim: Bagdasaryan et al., arXiv 1807.00459,
 * where k makes up for all who average with it).
 */
export const scaling = (k: number): Attack => ({
  about: `sends its update ${k} times as large`,
  update: ({ own }) => scaled(own, k),
});

/** The update with the other sign, k times as large (Li et al., RSA, arXiv 1811.03761). */
export const signFlip = (k: number): Attack => ({
  about: k === 1 ? 'sends its update with the other sign' : `sends −${k} times its update`,
  update: ({ own }) => scaled(own, -k),
});

/** Of Blanchard et al.'s Gaussian attackers (arXiv 1703.02757): mean 0, isotropic. */
const DEVIATION = 200;

export const gaussianNoise: Attack = {
  about: `sends normal noise of standard deviation ${DEVIATION}, or the largest share of it that passes the bounds`,
  update: ({ own, random }) => drawNormal(own.length, DEVIATION, random),
};
