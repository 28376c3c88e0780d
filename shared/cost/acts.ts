import counts from './measured-acts.json' with { type: 'json' };
import type { Units } from './platform-prices.ts';

/**
 * What happens on a platform and is billed. `answer` is a lease with its update and report, `fold` a role's part of a round,
 * `version` what comes out of the round, `tell` a batch of news from a coordinator to one relay. `openPage` is a run's page
 * with its socket, `listen` a volunteer's socket, `idleMinute` that of a relay. `lookAhead` is a volunteer's question what is new
 * in a version, before it has its next lease.
 */
export const acts = [
  ...(['create', 'lookAtList', 'openPage', 'join', 'listen', 'poll', 'download', 'idleMinute'] as const),
  ...(['lookAhead', 'answer', 'evaluation', 'fold', 'version', 'tell'] as const),
] as const;
export type Act = (typeof acts)[number];

/** What each act uses when it is done once, as `npm run bench:cost -- --keep` counted it on local workerd. */
export const measuredActs: Readonly<Record<Act, Units>> = counts;
