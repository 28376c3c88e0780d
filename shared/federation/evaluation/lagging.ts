import { leasesFor } from '../lease/return-rate.ts';
import type { RunState } from '../run-state.ts';

/**
 * [EVAL5] Whether the evaluation under way has waited too long: two versions came out since, or nothing is left to
 * train. It waits for more versions if many leases bring nothing. Each one that it takes then costs training as much.
 */
export const isLagging = (state: RunState): boolean =>
  state.evaluation !== null &&
  (state.round.status === 'over' || versionsBehind(state) > Math.round(leasesFor(1, state)));

const versionsBehind = ({ manifest, evaluation }: RunState): number =>
  evaluation ? manifest.version - evaluation.manifest.version : 0;

/** [LEASE6] Whether the evaluation comes before training: it lags, and nobody is at it. */
export const comesFirst = (state: RunState): boolean =>
  isLagging(state) && state.leases.evaluatorsOf(state.evaluation?.manifest.version ?? 0).length === 0;
