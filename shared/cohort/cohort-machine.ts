import type { AnyRule, MeasuredUpdate, Weighing } from '../aggregation/aggregation-rule.ts';
import { ruleOf } from '../aggregation/rules.ts';
import { comparesUpdates, trainedKey } from '../protocol/aggregation-spec.ts';
import type { ClosedRound, FoldedRole, FoldRequest, LeftOut, RoleRound } from '../protocol/cohort-report.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { LeaseClaims } from '../protocol/lease.ts';
import { accepted, type Result } from '../protocol/refusals.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import { acceptedEntry, checkOpen, recordRefusal } from './acceptance.ts';
import { archiveRound } from './archive-round.ts';
import type { CheckedFacts, CheckedUpdate } from './check-update.ts';
import { type FoldLimits, USUAL_LIMITS } from './fold-limits.ts';
import { foldRound } from './fold-round.ts';
import { asBegun } from './folded-role.ts';
import { leaveOut } from './leave-out.ts';
import { measureUpdate } from './measure-update.ts';
import { mostCompared } from './most-compared.ts';
import type { CohortPorts, EnvelopePlace } from './ports.ts';
import { RoleMemory } from './role-memory.ts';
import { RoundSketches, type Sketched } from './round-sketches.ts';
import { RunningSums } from './running-sums.ts';
import { takeBackRound } from './take-back-round.ts';
import { takenUpdates } from './taken-updates.ts';
import { taskOf, trainedSegments } from './trained-segments.ts';

/** An update whose values are left out passed by. The fold reads them. */
export type TakenUpdate = CheckedFacts & Partial<Pick<CheckedUpdate, 'values'>> & Sketched;

/**
 * The leases of so many rounds are remembered after the last one in which their updates may count. So a repeated update
 * never counts twice, and is told from a stale one.
 */
const REMEMBERED_ROUNDS = 3;

/**
 * One run's volunteers of one role, or some of them: which updates are accepted, what is remembered of them, and what a
 * closed round makes of them. It knows no clock, no network and no Cloudflare, so the Worker's object, the simulator and
 * the learning bench run this one. What it remembers is in its log, so the machine may be lost and made anew at any
 * moment.
 */
export class CohortMachine {
  private readonly config: RunConfig;
  private readonly role: Role;
  private readonly ports: CohortPorts;
  private readonly rule: AnyRule;
  private readonly memory: RoleMemory;
  private readonly limits: FoldLimits;
  readonly sketches: RoundSketches;
  private sums: RunningSums | null = null;

  constructor(config: RunConfig, role: Role, ports: CohortPorts, limits = USUAL_LIMITS) {
    const isBounded = limits.maxUpdates === undefined && comparesUpdates(config.spec);
    this.limits = isBounded ? { ...limits, maxUpdates: mostCompared(config.spec, config.model) } : limits;
    this.config = config;
    this.role = role;
    this.ports = ports;
    this.rule = ruleOf(config.spec);
    this.memory = new RoleMemory(config.spec, this.rule, ports.log);
    this.sketches = new RoundSketches(config, role, ports);
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
  check<T>(claims: LeaseClaims, now: number, check: () => Result<T>): Result<T> {
    const open = this.countsIn(claims, now);
    return open.ok ? check() : open;
  }

  /**
   * Accepts an update that was checked, or refuses it because its lease is over by now. The update and the entry for
   * the coordinator are kept together or not at all.
   * @param bytes of its envelope
   */
  take(
    claims: LeaseClaims,
    update: TakenUpdate,
    bytes: number,
    place: EnvelopePlace,
    now: number,
  ): Result<true> {
    const open = this.countsIn(claims, now);
    if (!open.ok) return open;
    const countsIn = open.value;
    const measured = measureUpdate(this.config.spec, this.rule, claims, countsIn, update);
    const { lease, volunteer, round, examples } = claims;
    const { log } = this.ports;
    const entry = acceptedEntry(claims, countsIn, update, bytes);
    const sketch = this.sketches.of(update, countsIn);
    log.accept({ lease, volunteer, round, countsIn, examples, ...measured, place, sketch, entry });
    if (this.role === 'evaluator') this.forgetBefore(round);
    else this.sum(countsIn, update, measured);
    return accepted(true);
  }

  /** From here on no update counts in this round or in older ones. */
  close(round: number): void {
    const { log } = this.ports;
    if (round > log.closedRound()) log.closeRound(round);
  }

  /** [ROUND9] The same, and what the role's other cohorts need to know of it. If it is asked again, the result is the same. */
  closed(round: number, leftOut?: LeftOut): ClosedRound {
    this.close(round);
    this.leaveOut(round, leftOut);
    return this.taken(round);
  }

  /** [CHECK9] The round is folded anew without these updates. To be told so again changes nothing. */
  private leaveOut(round: number, leftOut?: LeftOut): void {
    if (leftOut && leaveOut(this.ports.log, round, leftOut)) this.sums = null;
  }

  private taken(round: number): ClosedRound {
    const updates = takenUpdates(this.ports.log, this.sketches, round);
    return { updates, memory: this.memoryFor(round) };
  }

  /** [BACK3] [BACK4] The round is taken back: nothing of it counts. */
  takeBack(round: number, to: number): void {
    if (takeBackRound(this.ports.log, round, to, this.rule.scale !== undefined)) this.sums = null;
  }

  /**
   * Folds a closed round into new shards, however long that takes, and archives it. If it is asked again, the result is the
   * same. It must not be asked while it folds: the rule would remember the round twice.
   */
  async fold(request: FoldRequest): Promise<FoldedRole> {
    for (;;) {
      const result = await this.foldSlice(request);
      if (!result) continue;
      await this.archive();
      return result;
    }
  }

  /** As `fold`, but only so much of it as one call may do. Null if something is left. Nothing is archived. */
  async foldSlice(request: FoldRequest): Promise<FoldedRole | null> {
    const { round } = request;
    const { log } = this.ports;
    this.leaveOut(round, request.leftOut);
    const known = log.folded(round);
    const result = known ?? (await this.foldMore(request));
    if (!result) return null;
    // It may have ended before it let these go.
    await this.dropHanded(request);
    return result;
  }

  private async foldMore(asked: FoldRequest): Promise<FoldedRole | null> {
    const { round } = asked;
    const { config, role, ports } = this;
    const request = asBegun(asked, ports.log.settled(round));
    const sums = this.sums?.isWhole(round, ports.log.countUpdates(round)) ? this.sums : null;
    const ofRole = request.ofRole ?? this.alone(round);
    const folded = await foldRound({ config, role, ports, request, ofRole, sums, ...this.limits });
    if (!folded) return null;
    const result = { ...folded, ...this.sketches.work(round, ofRole) };
    this.finishRound(round, ofRole, result);
    if (this.sums?.round === round) this.sums = null;
    return result;
  }

  /** Archives what is folded. The next round need not wait for it. Until it is done, the envelopes are kept. */
  async archive(): Promise<void> {
    for (const round of this.unarchived) {
      if (!(await archiveRound(this.ports, round))) return;
      this.forgetBefore(round);
    }
  }

  private get unarchived(): number[] {
    const { log } = this.ports;
    return log.foldedRounds().filter(round => round > log.archivedRound());
  }

  get isArchived(): boolean {
    return this.unarchived.length === 0;
  }

  /** The rule remembers a closed round: a part of its fold, and all of it that a replay needs if it begins later. */
  remember(round: number, { updates, memory }: RoleRound = this.alone(round)): void {
    this.memory.remember(round, this.trains(round), memory, updates);
  }

  /** What the ledger says of the rule's scale before a round, for a replay that begins later. */
  begin(round: number, scale: number | null): void {
    this.memory.begin(round, this.trains(round), scale);
  }

  /** All that there is of a round whose updates this cohort alone has. */
  private alone(round: number): RoleRound {
    return { ...this.taken(round), first: 0, sums: [] };
  }

  private async dropHanded({ handed, ofRole }: FoldRequest): Promise<void> {
    const keys = [handed, ...(ofRole?.sums ?? [])].flatMap(sums => Object.values(sums).flat());
    if (keys.length > 0) await this.ports.sums.drop(keys);
  }

  /** The round that an update to this lease counts in, as things are. */
  countsIn(claims: LeaseClaims, now: number): Result<number> {
    return checkOpen(this.config, claims, this.ports.log, now, this.limits.maxUpdates);
  }

  /** Sums on arrival if that is possible. The fold sums what this could not. */
  private sum(round: number, { values }: TakenUpdate, measured: MeasuredUpdate): void {
    if (!values) return;
    if (this.ports.log.countUpdates(round) === 1) this.sums ??= this.openSums(round);
    if (this.sums?.round === round) this.sums.add(values, measured);
  }

  private openSums(round: number): RunningSums | null {
    const task = taskOf(this.config, round, this.role);
    const weigh = this.weighAlone(round);
    return task && weigh && RunningSums.fit(this.config.model, task)
      ? RunningSums.open(this.config.model, round, task, weigh)
      : null;
  }

  /**
   * Whether an update to this lease would be summed on arrival, so that its values should be at hand. It would not if an
   * earlier round is to fold before the one that it counts in, for the rule may then remember something else; if earlier
   * updates of the round are kept that the sums would miss; if the rule must know all updates before it weighs one; or if
   * the sums would not fit in memory.
   */
  sumsOnArrival(claims: LeaseClaims, now: number): boolean {
    const open = this.countsIn(claims, now);
    if (!open.ok || this.role === 'evaluator') return false;
    const round = open.value;
    if (this.sums) return this.sums.round === round;
    const task = taskOf(this.config, round, this.role);
    const isFirst = this.ports.log.countUpdates(round) === 0;
    const isAlone = isFirst && this.weighAlone(round) !== null;
    return task !== undefined && isAlone && RunningSums.fit(this.config.model, task);
  }

  /** How the rule weighs an update of this round alone. Null if it cannot do so yet. */
  private weighAlone(round: number): ((update: MeasuredUpdate) => Weighing) | null {
    const { rule, config } = this;
    const mayAlone = rule.kind === 'one-pass' && !comparesUpdates(config.spec) && this.foldsNext(round);
    return mayAlone ? rule.weighAlone(this.memoryFor(round)) : null;
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

  private memoryFor(round: number): unknown {
    return this.memory.of(this.trains(round));
  }

  private trains(round: number): string {
    return trainedKey(trainedSegments(this.config, round, this.role));
  }

  private finishRound(round: number, ofRole: RoleRound, result: FoldedRole): void {
    const { log } = this.ports;
    log.together(() => {
      this.remember(round, ofRole);
      log.setFolded(round, result);
    });
  }

  /** What a round left is forgotten some rounds later, if its envelopes are in the archive by then. */
  private forgetBefore(round: number): void {
    const { log } = this.ports;
    const { rounds, maxStaleness } = this.config.spec.policy;
    const last = round - REMEMBERED_ROUNDS - (rounds === 'buffered' ? maxStaleness : 0);
    const archived = this.role === 'evaluator' ? last : log.archivedRound();
    if (Math.min(last, archived) > log.forgottenRound()) log.forget(Math.min(last, archived));
  }
}
