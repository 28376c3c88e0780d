import type { LeaseClaims, Task } from '../../protocol/lease.ts';
import type { Manifest } from '../../protocol/model-outline.ts';
import type { LeaseState } from './lease-state.ts';

/** What a token needs of a grant. */
interface Granted {
  /** That takes the update. 0 if it is left out. */
  readonly cohort?: number;
  readonly lease: LeaseState;
  readonly task: Pick<Task, 'trains'>;
  readonly manifest: Pick<Manifest, 'version'>;
}

/**
 * What the token of a granted lease says.
 * @param byteAllowance bytes that an update may have
 */
export const claimsOf = (
  run: string,
  { cohort = 0, lease, task, manifest }: Granted,
  byteAllowance: number,
): LeaseClaims => ({
  kind: 'lease',
  run,
  lease: lease.id,
  volunteer: lease.volunteer,
  role: lease.role,
  cohort,
  round: lease.round,
  version: manifest.version,
  trains: task.trains,
  parts: [...lease.parts],
  examples: lease.examples,
  ...(lease.share !== undefined && { share: lease.share }),
  byteAllowance,
  deadlineAt: lease.deadlineAt,
  ...(lease.root && { root: lease.root }),
});
