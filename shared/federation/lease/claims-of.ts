import type { LeaseClaims } from '../../protocol/lease.ts';
import type { Grant } from './grant-lease.ts';

/**
 * What the token of a granted lease says.
 * @param byteAllowance bytes that an update may have
 */
export const claimsOf = (
  run: string,
  { lease, task, manifest }: Pick<Grant, 'lease' | 'task' | 'manifest'>,
  byteAllowance: number,
): LeaseClaims => ({
  kind: 'lease',
  run,
  lease: lease.id,
  volunteer: lease.volunteer,
  role: lease.role,
  cohort: 0,
  round: lease.round,
  version: manifest.version,
  trains: task.trains,
  parts: [...lease.parts],
  examples: lease.examples,
  byteAllowance,
  deadlineAt: lease.deadlineAt,
});
