import * as z from 'zod';
import { recordOf } from './list-of.ts';

/** The aggregation rules that a run may choose from. `shared/aggregation` has their implementations. */
export const aggregationNames = [
  'mean',
  'clipped-mean',
  'trimmed-mean',
  'median',
  'geometric-median',
  'multi-krum',
  'fltrust',
] as const;
export type AggregationName = (typeof aggregationNames)[number];
export const aggregationNameSchema = z.enum(aggregationNames);

/** What each rule does, in a sentence for whoever chooses one. */
export const aggregationTexts: Readonly<Record<AggregationName, string>> = {
  mean: 'The mean of all updates. One hostile volunteer can ruin it.',
  'clipped-mean': 'The mean, with each update cut to the length that most had in the rounds before.',
  'trimmed-mean':
    'Of each weight, the largest and smallest changes are left out before the mean. Needs 3 updates.',
  median: 'Of each weight, the middle change. Needs 3 updates.',
  'geometric-median': 'The point that is nearest to all updates together. Needs 3 updates.',
  'multi-krum': 'The mean of the updates that lie closest to each other. Needs 5 updates.',
  fltrust:
    'Each update counts as far as it points where a referee’s own update points. It needs pictures held back and a referee who takes part: whoever joins with the host key.',
};

/** More than any plan has, of tasks that train different segments. */
const MAX_NORMS = 1_000;

/** What a rule that withstands hostile updates goes by, beside its name. */
export const robustSchema = z.object({
  /** The share of a round's updates that may be hostile. Trimmed mean and multi-Krum leave out so many. */
  hostile: z.number().min(0.01).max(0.49).default(0.3),
  /** So many updates are drawn together and averaged before the rule sees them. 1: each stands alone. */
  bucket: z.number().int().min(1).max(64).default(1),
  /**
   * Of which rounds the clip of `clipped-mean` is made. Runs of an older release go on with the median of three rounds,
   * which two hostile volunteers of four can set.
   */
  clip: z.enum(['three-rounds', 'many-rounds']).default('many-rounds'),
  /**
   * What becomes of the statistics of batch norm. Runs of an older release go on with their plain mean, which one hostile
   * volunteer can ruin.
   */
  statistics: z.enum(['mean', 'guarded']).default('guarded'),
  /**
   * The norm of an update that the host's own machine trained on version 0, by the segments that the task trains
   * (`trainedKey`). Left out if the host trained none: then the first rounds are clipped by their own shorter updates.
   */
  norms: recordOf(z.string().max(4_000), z.number().positive(), MAX_NORMS).optional(),
});
export type Robust = z.infer<typeof robustSchema>;

/** [PUB5] Whether no single update says what a statistic becomes. The mean promises nothing, of statistics neither. */
export const guardsStatistics = ({
  aggregation,
  robust,
}: {
  readonly aggregation: AggregationName;
  readonly robust: Pick<Robust, 'statistics'>;
}): boolean => aggregation !== 'mean' && robust.statistics === 'guarded';

/** Of a run that an older release made: there was one clip, of three rounds, and nothing else to set. */
export const olderRobust: Robust = robustSchema.parse({ clip: 'three-rounds', statistics: 'mean' });

/** By what norms and memories of updates are told apart: those of other segments are of another scale. */
export const trainedKey = (trains: readonly string[]): string => trains.join();

/** Rules that weigh an update by its own facts, and never by another's values. */
const onePass: readonly AggregationName[] = ['mean', 'clipped-mean'];

/**
 * Whether the rule of a run must have all updates of a role in one place, since it compares them or goes coordinate by
 * coordinate. Then a role has one cohort.
 */
export const comparesUpdates = ({
  aggregation,
  robust,
}: {
  readonly aggregation: AggregationName;
  readonly robust: Pick<Robust, 'bucket'>;
}): boolean => !onePass.includes(aggregation) || robust.bucket > 1;
