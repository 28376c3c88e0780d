import type { RunSpec } from '../../protocol/run-spec.ts';

/** A volunteer is active if it was heard of within so many ms: a minute, or a lease's time if that is longer. */
export const activeMs = ({ policy }: RunSpec): number => Math.max(60_000, policy.leaseMs);

/** Whoever was heard of after this moment is active at `now`. */
export const activeAfter = (spec: RunSpec, now: number): number => now - activeMs(spec);
