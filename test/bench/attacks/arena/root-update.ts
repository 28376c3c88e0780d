import type { Grant } from '../../../../shared/federation/lease/grant-lease.ts';
import { plannedTasks } from '../../../../shared/plan/planned-tasks.ts';
import type { Role } from '../../../../shared/protocol/identifiers.ts';
import type { MemoryPlatform, RootUpdate } from '../../memory-platform.ts';
import type { LabelledRows } from '../network/pictures.ts';
import type { LeaseWork } from './lease-work.ts';

/** Who sends it serves no role otherwise. */
const ROOT = 'root';

/** What a referee learns from its own pictures in the round that closes, for a rule that compares with that. */
export function rootUpdate(
  { config, state, now }: MemoryPlatform,
  work: LeaseWork,
  role: Role,
  pictures: LabelledRows,
): RootUpdate {
  const { round, manifest } = state;
  const task = plannedTasks(config, round.number).find(one => one.role === role);
  if (!task) throw new Error(`round ${round.number} has no ${role}`);
  const lease = {
    ...{ id: `root ${role} ${round.number}`, volunteer: ROOT, role, round: round.number, parts: [] },
    ...{ examples: pictures.labels.length, deadlineAt: now + config.spec.policy.leaseMs },
  };
  const grant: Grant = { type: 'lease', cohort: 0, lease, task, manifest, more: false };
  const trained = work.train(grant, pictures);
  if (!trained) throw new Error('the referee diverges');
  return { grant, envelope: work.updateEnvelope(grant, trained) };
}
