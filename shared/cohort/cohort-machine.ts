import type { AnyRule, MeasuredUpdate } from '../aggregation/aggregation-rule.ts';
import { aggregationRules } from '../aggregation/rules.ts';
import { roundPolicyOf } from '../federation/round/round-policy.ts';
import type { FoldedRole, FoldRequest } from '../protocol/cohort-report.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { LeaseClaims } from '../protocol/lease.ts';
import { accepted, type Result } from '../protocol/refusals.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import { acceptedEntry, checkOpen, recordRefusal } from './acceptance.ts';
import type { CheckedUpdate } from './check-update.ts';
import { foldRound } from './fold-round.ts';
import type { CohortPorts, EnvelopePlace } from './ports.ts';
import { RunningSums } from './running-sums.ts';
import { taskOf, trainedSegments } from './trained-segments.ts';

/**
 * The leases of so many rounds are remembered after the last one in which their updates may count. So a repeated update
 * never counts twice, and is told from a stale one.
 */
const REMEMBERED_ROUNDS = 3;

/**
 * One run's volunteers of one role: which updates are accepted, what is remembered of them, and what a closed round
 * makes of them. It knows no clock, no network and no Cloudflare, so the Worker's object, the simulator and the
 * learning bench run this one. What it remembers is in its log, so the machine may be lost and made anew at any
 * moment.
 */
export class CohortMachine {
  private readonly config: RunConfig;
  private readonly role: Role;
  private readonly ports: CohortPorts;
  private readonly rule: AnyRule;
  private sums: RunningSums | null = null;

  constructor(config: RunConfig, role: Role, ports: CohortPorts) {
    this.config = config;
    this.role = role;
    this.ports = ports;
    this.rule = aggregationRules[config.spec.aggregation];
  }

  /**
   * `check` and `take` in one turn. A refusal is written down.
   * @param bytes of its envelope
   * @returns the checked update
   */
  accept(
    claims: LeaseClaims,
    now: number,
    check: () => Result<CheckedUpdate>,
    bytes: number,
    place: EnvelopePlace,
  ): Result<CheckedUpdate> {
    const checked = this.check(claims, now, check);
    const taken = checked.ok ? this.take(claims, checked.value, bytes, place, now) : checked;
    if (taken.ok) return checked;
    recordRefusal(this.ports.log, claims, taken, bytes);
    return taken;
  }

  /** The update, if its lease still takes one and it passes `check` (`check-update`). Nothing is written. */
  check(claims: LeaseClaims, now: number, check: () => Result<CheckedUpdate>): Result<CheckedUpdate> {
    const open = this.checkOpen(claims, now);
    return open.ok ? check() : open;
  }

  /**
   * Accepts an update that was checked, or refuses it because its lease is over by now. The update and the entry for
   * the coordinator are kept together or not at all.
   * @param bytes of its envelope
   */
  take(
    claims: LeaseClaims,
    update: CheckedUpdate,
    bytes: number,
    place: EnvelopePlace,
    now: number,
  ): Result<true> {
    const open = this.checkOpen(claims, now);
    if (!open.ok) return open;
    const countsIn = open.value;
    const measured = this.measure(claims, countsIn, update);
    const { lease, volunteer, round, examples } = claims;
    const { log } = this.ports;
    log.together(() => {
      log.accept({ lease, volunteer, round, countsIn, examples, ...measured, place });
      log.post(acceptedEntry(claims, countsIn, update, bytes));
    });
    if (this.role === 'evaluator') this.forgetBefore(round);
    else this.sum(countsIn, update, measured);
    return accepted(true);
  }

  /** From here on no update counts in this round or in older ones. */
  close(round: number): void {
    const { log } = this.ports;
    log.closeRound(Math.max(round, log.closedRound()));
  }

  /**
   * Folds a closed round into new shards. If it is asked again, the result is the same. It must not be asked while it
   * folds: the rule would remember the round twice.
   */
  async fold(request: FoldRequest): Promise<FoldedRole> {
    const { round } = request;
    const { log, envelopes } = this.ports;
    const known = log.folded(round);
    if (known) {
      // It may have ended before it let these go.
      await this.dropHanded(request);
      return known;
    }
    const { config, role, rule, ports } = this;
    const sums = this.sums?.isWhole(round, log.countUpdates(round)) ? this.sums : null;
    const memory = this.memoryFor(round);
    const result = await foldRound({ config, role, rule, ports, round, request, memory, sums });
    await envelopes.archive(round, log.updates(round));
    const dropped = this.finishRound(round, result);
    if (dropped.length > 0) await envelopes.drop(dropped);
    if (this.sums?.round === round) this.sums = null;
    await this.dropHanded(request);
    return result;
  }

  /** The rule remembers a closed round: a part of its fold, and all of it that a replay needs if it begins later. */
  remember(round: number): void {
    const { log } = this.ports;
    const memory = this.rule.remember(this.memoryFor(round), log.measured(round));
    log.setMemory({ trains: this.trains(round), memory });
  }

  private async dropHanded({ handed }: FoldRequest): Promise<void> {
    const keys = Object.values(handed).flat();
    if (keys.length > 0) await this.ports.sums.drop(keys);
  }

  private checkOpen(claims: LeaseClaims, now: number): Result<number> {
    return checkOpen(this.config, claims, this.ports.log, now);
  }

  private measure({ examples, round }: LeaseClaims, countsIn: number, update: CheckedUpdate): MeasuredUpdate {
    const weight = roundPolicyOf(this.config.spec).weight(examples, countsIn - round);
    return { weight, facts: this.rule.measure(update) };
  }

  /** Sums on arrival if that is possible. The fold sums what this could not. */
  private sum(round: number, update: CheckedUpdate, measured: MeasuredUpdate): void {
    this.sums ??= this.openSums(round);
    if (this.sums?.round === round) this.sums.add(update.values, measured);
  }

  /**
   * Null if an earlier round is to fold before this one, for the rule may then remember something else; if earlier
   * updates of the round are kept that these sums would miss; if the rule must know all updates before it weighs one; or
   * if the sums would not fit in memory.
   */
  private openSums(round: number): RunningSums | null {
    if (this.ports.log.countUpdates(round) > 1 || !this.foldsNext(round)) return null;
    const weigh = this.rule.weighAlone(this.memoryFor(round));
    if (weigh === null) return null;
    const task = taskOf(this.config, round, this.role);
    return task ? RunningSums.open(this.config.model, round, task, weigh) : null;
  }

  /** Whether this cohort folds no round before this one. */
  private foldsNext(round: number): boolean {
    const { log } = this.ports;
    const closed = log.closedRound();
    if (closed > log.forgottenRound() && taskOf(this.config, closed, this.role) && !log.folded(closed))
      return false;
    for (let number = Math.max(1, closed + 1); number < round; number++)
      if (taskOf(this.config, number, this.role)) return false;
    return true;
  }

  /** What the rule remembers, if the remembered rounds trained the same segments. Of others it says nothing. */
  private memoryFor(round: number): unknown {
    const kept = this.ports.log.memory();
    return kept?.trains === this.trains(round) ? kept.memory : this.rule.firstMemory;
  }

  private trains(round: number): string {
    return trainedSegments(this.config, round, this.role).join();
  }

  private finishRound(round: number, result: FoldedRole): string[] {
    const { log } = this.ports;
    return log.together(() => {
      this.remember(round);
      log.setFolded(round, result);
      const dropped = log.dropEnvelopes(round);
      this.forgetBefore(round);
      return dropped;
    });
  }

  private forgetBefore(round: number): void {
    const { log } = this.ports;
    const { rounds, maxStaleness } = this.config.spec.policy;
    const last = round - REMEMBERED_ROUNDS - (rounds === 'buffered' ? maxStaleness : 0);
    if (last > log.forgottenRound()) log.forget(last);
  }
}
