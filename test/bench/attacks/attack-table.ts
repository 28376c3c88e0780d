import type { Attack } from './attack.ts';
import { malformed, notFinite, replay, stale, staleBase } from './attacks/bad-envelopes.ts';
import {
  colludingJudges,
  doubtingJudges,
  idleDoubters,
  idleJudges,
  restingJudges,
} from './attacks/colluding-judges.ts';
import { drift, orthogonalDrift, turn } from './attacks/drift.ts';
import { copy, random, zero } from './attacks/free-riders.ts';
import { innerProduct, littleAtFixedDeviation, littleIsEnough } from './attacks/omniscient.ts';
import { gaussianNoise, scaling, signFlip } from './attacks/plain-updates.ts';
import { backdoor, labelFlip, scaledBackdoor } from './attacks/poisoned-pictures.ts';

/** A run without hostile volunteers. Others are compared with it. */
export const CLEAN = 'none';

/** Every attack by its name in rows, in the order of tables. */
export const attackTable: Readonly<Record<string, Attack>> = {
  'scaling-10': scaling(10),
  'scaling-100': scaling(100),
  'scaling-1000': scaling(1_000),
  'sign-flip': signFlip(1),
  'sign-flip-10': signFlip(10),
  'sign-flip-1000': signFlip(1_000),
  noise: gaussianNoise,
  'label-flip': labelFlip,
  backdoor,
  'scaled-backdoor': scaledBackdoor,
  'a-little': littleIsEnough,
  'a-little-1.5': littleAtFixedDeviation,
  'inner-product-0.5': innerProduct(0.5),
  'inner-product-2': innerProduct(2),
  drift,
  'orthogonal-drift': orthogonalDrift,
  turn,
  zero,
  copy,
  random,
  'colluding-judges': colludingJudges,
  'doubting-judges': doubtingJudges,
  'idle-judges': idleJudges,
  'resting-judges': restingJudges,
  'idle-doubters': idleDoubters,
  nan: notFinite,
  replay,
  stale,
  'stale-base': staleBase,
  malformed,
};

export const attackNames: readonly string[] = Object.keys(attackTable);

/** @throws if there is no such attack */
export function attackNamed(name: string): Attack {
  const found = new Map<string, Attack>(Object.entries(attackTable)).get(name);
  if (!found) throw new Error(`there is no attack '${name}'`);
  return found;
}
