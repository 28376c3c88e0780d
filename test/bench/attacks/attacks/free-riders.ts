import type { Attack } from '../attack.ts';
import { drawNormal, normOf, withNorm } from './vectors.ts';

/** Those who send something without work (Lin et al., Free-riders in Federated Learning, arXiv 1911.12560). */

export const zero: Attack = {
  about: 'sends an update of zeros',
  update: ({ own }) => new Float32Array(own.length),
};

export const copy: Attack = {
  about: 'sends what another volunteer of the round sent',
  update: ({ own, honest }) => honest[0] ?? own,
};

export const random: Attack = {
  about: 'sends random values as large as an honest update',
  update: ({ own, random: draw }) => withNorm(drawNormal(own.length, 1, draw), normOf(own)),
};
