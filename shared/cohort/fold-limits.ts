/** How much one call of a fold does, and how much a round has. */
export interface FoldLimits {
  /** What the sums of a group of shards may take, in bytes. */
  readonly groupBytes: number;
  /** Memory holds so many groups. Each reads two envelopes at once, or one shard. */
  readonly groupsAtOnce: number;
  /** So many values are added. */
  readonly maxValues: number;
  /** So many pieces of envelopes are read. What is begun first may take more. */
  readonly maxReads: number;
  /** [ACC2] A round takes so many updates. Left out for the usual number. */
  readonly maxUpdates?: number;
}

/**
 * A group is a shard, so that a fold takes about 30 MB: three groups at once, each with its sums, two updates' values, and
 * the files before and after. So there are six calls to R2, as many as a Worker has open. Half a billion values take some
 * seconds, and an invocation may take thirty. On Cloudflare's free plan it may make a thousand calls.
 */
export const USUAL_LIMITS: FoldLimits = {
  groupBytes: 2_000_000,
  groupsAtOnce: 3,
  maxValues: 500_000_000,
  maxReads: 900,
};
