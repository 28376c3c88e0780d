import type { CohortEntry, FoldedRole, LeaseState, RunConfig } from '../../shared/federation/run-state.ts';
import { planTasks } from '../../shared/plan/plan-tasks.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { EvaluationMetrics, TrainingMetrics } from '../../shared/protocol/lease.ts';
import type { RefusalReason } from '../../shared/protocol/refusals.ts';

/** What arrives at a cohort: the lease it answers, and what is wrong with the envelope, if anything. */
export interface Upload {
  readonly lease: LeaseState;
  readonly metrics: TrainingMetrics | EvaluationMetrics;
  readonly fault: RefusalReason | null;
}

/** One role's cohort in memory: rules ACC1 and ACC2, an outbox delivered at least once, folds that can be repeated. */
export class CohortModel {
  private readonly role: Role;
  private readonly answered = new Set<string>();
  private readonly served = new Map<number, Set<string>>();
  private closedRound = -1;
  private outbox: CohortEntry[] = [];

  constructor(role: Role) {
    this.role = role;
  }

  take({ lease, metrics, fault }: Upload, now: number): void {
    const reason = this.refusalOf(lease, now) ?? fault;
    const { id, volunteer, round } = lease;
    const told = { lease: id, volunteer, round, bytes: 50 };
    if (reason) {
      this.outbox.push({ ...told, ok: false, reason });
      return;
    }
    this.answered.add(id);
    this.servedIn(round).add(volunteer);
    this.outbox.push({ ...told, ok: true, sha256: 'a'.repeat(64), norm: 1, metrics });
  }

  /** What the coordinator has not been told; `keep` where its answer gets lost, so that it is told again. */
  deliver(keep: boolean): readonly CohortEntry[] {
    const entries = this.outbox;
    if (!keep) this.outbox = [];
    return [...entries];
  }

  fold(config: RunConfig, round: number): FoldedRole {
    this.closedRound = Math.max(round, this.closedRound);
    const updates = this.servedIn(round).size;
    const trains = planTasks(config.spec, config.model, round).find(task => task.role === this.role)?.trains;
    const sha256 = round.toString(16).padStart(64, '0');
    const segments = updates === 0 ? [] : (trains ?? []).map(id => [id, [{ sha256, bytes: 40 }]]);
    return { updates, segments: Object.fromEntries(segments) };
  }

  private refusalOf(
    { id, role, round, volunteer, deadlineAt }: LeaseState,
    now: number,
  ): RefusalReason | null {
    if (this.answered.has(id)) return 'duplicate';
    if (role !== 'evaluator' && round <= this.closedRound) return 'stale';
    if (now > deadlineAt) return 'late';
    return role !== 'evaluator' && this.servedIn(round).has(volunteer) ? 'duplicate' : null;
  }

  private servedIn(round: number): Set<string> {
    const served = this.served.get(round) ?? new Set();
    this.served.set(round, served);
    return served;
  }
}
