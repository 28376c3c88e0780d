import type { EventBody } from '../../shared/protocol/events.ts';
import type { RefusalReason } from '../../shared/protocol/refusals.ts';

/**
 * So many forged updates of a round are written into the ledger. More are not even counted, so that they fill no
 * disk.
 */
export const FORGED_ENTRIES_A_ROUND = 100;

/** What the ledger says of an update whose token is not ours. Nobody knows whose it is. */
export const forgedUpdate = (lease: string, reason: RefusalReason, bytes: number): EventBody => ({
  type: 'update-refused',
  lease: lease.slice(0, 32),
  volunteer: null,
  role: null,
  reason,
  bytes,
});
