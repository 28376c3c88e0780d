import { ruleOf } from '../aggregation/rules.ts';
import { lateRounds } from '../federation/round/round-policy.ts';
import type { RunSpec } from '../protocol/run-spec.ts';

/**
 * So many rounds before a round the ledger must be whole, so that the round can be recomputed: the leases of late updates
 * are entries of these rounds, and so are the norms that the aggregation rule remembers.
 */
export const roundsOfLedgerBefore = (spec: RunSpec): number => lateRounds(spec) + ruleOf(spec).memoryRounds;
