import * as z from 'zod';
import { quantile } from '../math/quantile.ts';
import type { MeasuredUpdate, RuleMemory } from './aggregation-rule.ts';

const norm = z.number().nonnegative();

/** A cohort of the release before did not write the hash down. */
export const normFactsSchema = z.object({
  norm,
  sha256: z.string().default(''),
  /** A referee's own update. Left out otherwise. */
  root: z.literal(true).exactOptional(),
});
export type NormFacts = z.infer<typeof normFactsSchema>;

const memorySchema = z.object({
  /** Of the updates of the last rounds, the oldest round first. */
  norms: z.array(z.array(norm)),
  /** To which norm an update is cut at most. Null as long as too little is known. A cohort of the release before knew none. */
  scale: norm.nullable().default(null),
});
export type ClipMemory = z.infer<typeof memorySchema>;

/** Enough for a stable quantile of two updates a round, and short enough to follow rates that fall over a run. */
const REMEMBERED_ROUNDS = 8;

/**
 * The clip goes by the norm below which so many of the remembered norms lie. So the clip is an honest norm if less than
 * three fifths of the updates are too long, and if less than two fifths are too short. The
 * median would give way to one half that is too long, and half of all is what one of two volunteers sends.
 */
const QUANTILE = 0.4;

/**
 * The clip moves by this factor at most in a round. Rates that fall as a cosine need less. So rounds that are hostile by
 * chance, since a role has two updates only, do not move it far, and it comes back.
 */
const LARGEST_STEP = 1.25;

/** Without a trusted norm the clip is fixed after so many rounds. Before, a round is clipped by what is known and itself. */
const FIRST_ROUNDS = 3;

/**
 * An update that is so many times shorter than the clip is as good as none, and is not remembered: free riders send zeros,
 * and enough of them would make the clip zero too. Honest norms fall by less within the remembered rounds.
 */
const AS_GOOD_AS_NONE = 256;

/** @param scale of the rounds before */
const normsOf = (scale: number | null, updates: readonly MeasuredUpdate<NormFacts>[]): number[] =>
  updates
    .filter(({ facts: { root, norm: own } }) => !root && own > (scale ?? 0) / AS_GOOD_AS_NONE)
    .map(({ facts }) => facts.norm);

/**
 * What every rule that withstands hostile updates remembers: a norm that a hostile minority cannot move. Rules that need
 * no clip remember it too, since a round with too few updates for them is clipped.
 */
export const clipMemory: RuleMemory<NormFacts, ClipMemory> = {
  factsSchema: normFactsSchema,
  memorySchema,
  firstMemory: { norms: [], scale: null },
  memoryRounds: REMEMBERED_ROUNDS,
  measure: ({ norm, sha256, isRoot }) => ({ norm, sha256, ...(isRoot && { root: true }) }),
  remember: ({ norms, scale }, updates) => {
    const kept = [...norms, normsOf(scale, updates)].slice(-REMEMBERED_ROUNDS);
    return { norms: kept, scale: nextScale(scale, kept) };
  },
  scale: { of: ({ scale }) => scale, with: (memory, scale) => ({ ...memory, scale }) },
};

function nextScale(scale: number | null, norms: readonly (readonly number[])[]): number | null {
  const target = quantile(norms.flat(), QUANTILE);
  if (target === null) return scale;
  if (scale === null) return norms.filter(({ length }) => length > 0).length < FIRST_ROUNDS ? null : target;
  // Only a memory of the release before can have it. From zero no factor leads anywhere.
  if (scale === 0) return target;
  return Math.min(scale * LARGEST_STEP, Math.max(scale / LARGEST_STEP, target));
}

/** To which norm updates of this round are cut: by memory, or by what is known so far and the round itself. */
export const clipOf = (
  { norms, scale }: ClipMemory,
  updates: readonly MeasuredUpdate<NormFacts>[],
): number | null => scale ?? quantile([...norms.flat(), ...normsOf(scale, updates)], QUANTILE);
