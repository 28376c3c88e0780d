import * as z from 'zod';
import { countSchema, idSchema } from './identifiers.ts';
import { listOf } from './list-of.ts';
import { readableOr } from './readable-of.ts';

/**
 * What the platform thinks of a volunteer, by what it measured of its updates and judgements. The rules are STAND1 to STAND10
 * of `shared/federation/README.md`. The round machine and the view count it alike.
 */

/** What an accepted training update was worth. `untold`: the round had too few updates to tell. */
export const workOutcomes = ['helped', 'untold', 'zero', 'copied', 'unlike'] as const;
export type WorkOutcome = (typeof workOutcomes)[number];

/** How somebody lost standing. */
export const lossReasons = ['refused', 'contradicted', 'harmful'] as const;
export type LossReason = (typeof lossReasons)[number];

/** Why somebody earned nothing lately, or lost. */
export const standingReasonSchema = z.enum(['zero', 'copied', 'unlike', ...lossReasons]);
export type StandingReason = z.infer<typeof standingReasonSchema>;

export const standingSchema = z.object({
  /** In [0, 1], as it was when this version was the newest. */
  value: z.number().min(0).max(1),
  version: countSchema,
  /** What happened last, if it earned nothing or lost. Left out if it earned. */
  why: readableOr(standingReasonSchema, undefined).optional(),
});
export type Standing = Readonly<z.infer<typeof standingSchema>>;

/** [STAND9] What somebody is told of its own standing. */
export const toldStandingSchema = z.object({
  value: z.number().min(0).max(1),
  why: standingReasonSchema,
});
export type ToldStanding = Readonly<z.infer<typeof toldStandingSchema>>;

const whose = listOf(idSchema).optional();

/** What the ledger tells of the updates of a role: whose they were, by what they were worth. */
export const toldWorkSchema = z.object({
  /** [STAND2] By which they were sketched, so that anyone can measure them again. */
  seed: z.string().max(64),
  helped: whose,
  untold: whose,
  zero: whose,
  copied: whose,
  unlike: whose,
});
export type ToldWork = Readonly<z.infer<typeof toldWorkSchema>>;

/** [STAND1] Of somebody of whom nothing is known. */
export const NEUTRAL = 0.5;
/** [STAND1] From here on somebody is trusted. */
export const TRUSTED = 0.65;
/** [STAND1] Below this somebody is distrusted. */
export const DISTRUSTED = 0.35;

/** [STAND4] How much of the way up an update makes. Three that helped make a newcomer trusted. */
const A_HELP = 1 / 8;
/** [STAND4] If nobody could tell, it makes less of the way, and the way ends before somebody is trusted. */
const UNTOLD = { share: 1 / 16, upTo: 0.6 } as const;
/** [STAND5] What is left after a loss. Two make a newcomer distrusted. */
const KEPT = 3 / 4;
/** [STAND6] After so many rounds half of the way to neutral is made. */
const HALF_LIFE = 32;

/** Of somebody whose row says nothing. */
export const newcomer: Standing = { value: NEUTRAL, version: 0 };

/** [STAND6] When this version is the newest. */
export const valueAt = ({ value, version }: Standing, now: number): number =>
  NEUTRAL + (value - NEUTRAL) * 2 ** (-Math.max(0, now - version) / HALF_LIFE);

/** [STAND4] After an update that was accepted and counts in this version. */
export function afterWork(standing: Standing, outcome: WorkOutcome, version: number): Standing {
  const value = valueAt(standing, version);
  if (outcome === 'helped') return { value: value + (1 - value) * A_HELP, version };
  if (outcome !== 'untold') return { value, version, why: outcome };
  const missing = Math.max(0, UNTOLD.upTo - value);
  const { why } = standing;
  return { value: value + missing * UNTOLD.share, version, ...(why && { why }) };
}

/** [STAND5] */
export const afterLoss = (standing: Standing, why: LossReason, version: number): Standing => ({
  value: valueAt(standing, version) * KEPT,
  version,
  why,
});

export type StandingLevel = 'trusted' | 'new' | 'distrusted';

/** [STAND1] */
export const levelOf = (value: number): StandingLevel =>
  value >= TRUSTED ? 'trusted' : value < DISTRUSTED ? 'distrusted' : 'new';

/** [STAND7] Steps in which an update weighs less: whole eighths, which no rounding changes. */
const STEPS = 8;

/** [STAND7] The share of its examples that an update of this standing weighs. Null if it weighs all of them. */
export function weightShareOf(value: number): number | null {
  const steps = Math.max(1, Math.round((value / NEUTRAL) * STEPS));
  return steps >= STEPS ? null : steps / STEPS;
}

/** Plain words for people. */
export const reasonTexts: Readonly<Record<StandingReason, string>> = {
  zero: 'its last update changed next to nothing',
  copied: 'its last update was the same as somebody else’s',
  unlike:
    'its last update pointed elsewhere than those of the others, which is usual late in a run and costs nothing',
  refused: 'an update of it was refused that no honest program sends',
  contradicted: 'it counted otherwise than others who tested the same version',
  harmful: 'a version with its update was worse than without',
};

const isLoss = (why: StandingReason): boolean => lossReasons.some(reason => reason === why);

/** [STAND4] An honest update does this too, so nobody is to be blamed for it. */
const UNLIKE =
  'The last update of this device pointed elsewhere than those of the others. That is usual late in a run, and if its pictures differ from theirs. It costs nothing, and there is nothing to be done about it';

/** [STAND9] In words, for whom it concerns: what happened, and how to come back. */
export function describeStanding({ value, why }: ToldStanding): string {
  const text = reasonTexts[why];
  // What came last may not be what it lost standing by.
  const since = isLoss(why) ? `: ${text}` : `, since it lost standing before, and ${text}`;
  if (levelOf(value) === 'distrusted')
    return `The platform distrusts this device${since}. Others come first, and its updates weigh less. Updates that help bring its standing back, and so does time`;
  if (why === 'unlike') return UNLIKE;
  return isLoss(why)
    ? `This device lost standing: ${text}. Updates that help bring it back, and so does time`
    : `This device earned no standing: ${text}. The next update that helps earns it`;
}
