import type { LeaseClaims } from '../../shared/protocol/lease.ts';

/**
 * Where a large envelope lies in the bucket. It has a new key for every update: a second update of a lease must not write over
 * the first one.
 */
export const envelopeKey = ({ run, role, round, lease }: LeaseClaims): string =>
  `envelopes/${run}/${role}/${round}/${lease}/${crypto.randomUUID()}`;
