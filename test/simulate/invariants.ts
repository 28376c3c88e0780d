import { closingDueAt } from '../../shared/federation/closing/closing-due.ts';
import { roundPolicyOf } from '../../shared/federation/round/round-policy.ts';
import {
  goalOf,
  isInTraining,
  lateIn,
  MOST_UPDATES_A_ROUND,
  rolesOf,
  servedCount,
} from '../../shared/federation/round/round-state.ts';
import { nextAlarm, type RunState } from '../../shared/federation/run-state.ts';
import { isProven } from '../../shared/federation/volunteer/is-proven.ts';
import { partCount } from '../../shared/protocol/dataset.ts';
import type { EventBody, RunEvent } from '../../shared/protocol/events.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import { rootParts, volunteersParts } from '../../shared/protocol/root-set.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { LiveView } from '../../shared/view/live-view.ts';
import { ableByPlan, DivergenceRules } from './divergence-rules.ts';
import { JudgingRules } from './judging-rules.ts';
import { must } from './must.ts';
import { checkStandings } from './standing-rules.ts';
import type { Transition } from './transition.ts';

/** [ROUND4] A round closes after so long without work. */
const IDLE_MS = 3_000;

type Granted = Extract<EventBody, { type: 'lease-granted' }>;

/** Watches a run from its first step and fails at the first one that breaks a rule. */
export class Invariants {
  readonly ledger: RunEvent[] = [];
  private readonly live = new LiveView();
  private readonly config: RunConfig;
  private readonly open = new Map<string, Granted>();
  private readonly known = new Set<string>();
  private readonly judging: JudgingRules;
  private readonly divergence: DivergenceRules;

  constructor(config: RunConfig) {
    this.config = config;
    this.divergence = new DivergenceRules(config);
    this.judging = new JudgingRules(config);
  }

  get view(): RunView {
    return this.live.whole();
  }

  check(transition: Transition): void {
    for (const event of transition.step.events) this.record(event, transition.now);
    this.checkLeases(transition.step.state);
    this.divergence.check(transition);
    this.checkGrants(transition);
    checkStandings(transition);
    this.checkVersion(transition);
    this.judging.check(transition);
    this.checkClosing(transition);
    this.checkAlarm(transition);
    this.checkView(transition.step.state);
    this.checkEnd(transition);
  }

  private record(event: EventBody, at: number): void {
    const entry = { seq: this.ledger.length + 1, at, event };
    this.ledger.push(entry);
    this.live.apply(entry);
    this.follow(event);
  }

  /** [LEASE10] A lease is granted once and ends once. Updates that come after its end are recorded all the same. */
  private follow(event: EventBody): void {
    if (event.type === 'lease-granted') {
      must(!this.known.has(event.lease), `[LEASE10] ${event.lease} is granted once`);
      this.known.add(event.lease);
      this.open.set(event.lease, event);
    }
    if (event.type === 'lease-ended')
      must(this.open.delete(event.lease), `[LEASE10] ${event.lease} ends once`);
    this.judging.follow(event, this.open.get('lease' in event ? event.lease : '')?.parts ?? []);
    if (event.type === 'update-accepted' || event.type === 'update-refused') this.open.delete(event.lease);
  }

  private checkLeases(state: RunState): void {
    const leases = [...state.leases.values()];
    const isTold = leases.length === this.open.size && leases.every(lease => this.open.has(lease.id));
    must(isTold, '[LEASE10] the leases of the state are those open in the ledger');
    const holders = leases.map(lease => lease.volunteer);
    must(
      holders.every(one => holders.filter(other => other === one).length <= 2),
      '[LEASE2] a volunteer holds two leases at most',
    );
    for (const role of rolesOf(state.round)) {
      const open = leases.filter(lease => lease.role === role && lease.round === state.round.number);
      const served = state.round.served[role] ?? [];
      must(new Set(served).size === served.length, `[LEASE4] a volunteer serves once as ${role}`);
      const holders = open.map(lease => lease.volunteer);
      must(new Set(holders).size === holders.length, `[LEASE4] a volunteer is leased once as ${role}`);
      const trainers = [...served, ...lateIn(state.round, role).map(({ volunteer }) => volunteer)];
      must(
        served.every(one => trainers.filter(other => other === one).length <= MOST_UPDATES_A_ROUND),
        `[ACC2] nobody has more than two updates as ${role}`,
      );
    }
    const { number, status } = state.round;
    const { countsIn } = roundPolicyOf(this.config.spec);
    must(
      leases.every(lease => lease.role === 'evaluator' || countsIn(this.config, lease, number) !== null),
      '[PUB3] the updates of all leases may count',
    );
    must(
      status !== 'over' || leases.every(({ role }) => role === 'evaluator'),
      '[PUB3] nothing is in training after the last round',
    );
  }

  private checkGrants({ input, step: { state, events }, now }: Transition): void {
    const { leaseMs, rounds } = this.config.spec.policy;
    for (const event of events) {
      const lease = event.type === 'lease-granted' ? state.leases.get(event.lease) : undefined;
      if (!lease) continue;
      must(lease.deadlineAt > now && lease.deadlineAt <= now + leaseMs, '[LEASE3] a lease has its time');
      const split = lease.role === 'evaluator' ? 'test' : 'train';
      const { spec } = this.config;
      const total = split === 'test' ? partCount(spec.dataset, split) : volunteersParts(spec);
      must(
        lease.parts.every(part => (lease.root ? rootParts(spec).includes(part) : part < total)),
        '[LEASE7] parts are there, [ROOT1] and only those of root leases are held back',
      );
      if (lease.role === 'evaluator') continue;
      must(
        state.round.status === 'open' &&
          (rounds === 'buffered' || lease.deadlineAt <= state.round.deadlineAt),
        '[LEASE3] a lease ends with its round, if rounds are synchronous',
      );
      if (lease.root) continue;
      must(this.placesLeftOf(lease.role, state) >= 0, '[LEASE5] a lease has a place');
      must(
        !state.round.served[lease.role]?.includes(lease.volunteer),
        '[LEASE4] a volunteer who has served is leased no more',
      );
      if (input.type === 'request-lease' && input.beside !== undefined && state.leases.get(input.beside))
        must(
          this.placesLeft(state) >= this.idleUnserved(state, lease.volunteer, now),
          '[LEASE12] nobody waits for a second lease',
        );
    }
  }

  private placesLeft(state: RunState): number {
    return rolesOf(state.round).reduce((sum, role) => sum + Math.max(0, this.placesLeftOf(role, state)), 0);
  }

  /** Below zero if more are taken than there are. */
  private placesLeftOf(role: Role, state: RunState): number {
    const goal = goalOf(state.round, role);
    const served = servedCount(state.round, role);
    const taken = state.leases.placesTaken(role, state.round.number);
    const tries = Math.max(0, goal - served) * Math.min(5, 1 / state.returnRate);
    return Math.max(this.places(goal) - served, Math.ceil(tries)) - taken;
  }

  private places(goal: number): number {
    const { overIssue, rounds } = this.config.spec.policy;
    return rounds === 'synchronous'
      ? Math.max(goal, Math.floor(goal * overIssue))
      : Math.ceil(goal * overIssue);
  }

  /** [CROWD5] Newcomers have places of their own, beside those of somebody who has worked. */
  private idleUnserved(state: RunState, holder: string, now: number): number {
    const row = state.volunteers.get(holder);
    const isAsked = row && isProven(row) ? isProven : () => true;
    const taken = new Set([
      ...[...state.leases.values()].map(lease => lease.volunteer),
      ...Object.values(state.round.served).flat(),
    ]);
    return ableByPlan(this.config, state, now).filter(other => isAsked(other) && !taken.has(other.id)).length;
  }

  private checkVersion({ before, step }: Transition): void {
    const published = step.events.filter(event => event.type === 'version-published');
    const { version, segments } = step.state.manifest;
    must(
      published.length <= 1 && version === before.manifest.version + published.length,
      '[PUB1] versions count up by one, each in the ledger',
    );
    must(
      published.every(event => event.version === version),
      '[PUB1] the ledger names the version',
    );
    if (published.some(event => event.weightsOf !== undefined)) return;
    const isKept = Object.entries(segments).every(
      ([id, segment]) =>
        segment.version === version || segment.version === before.manifest.segments[id]?.version,
    );
    must(isKept, '[PUB1] a segment nobody returned keeps its version');
    must(Object.keys(segments).length === this.config.model.segments.length, '[PUB1] no segment is lost');
  }

  private checkClosing({ before, input, step, now }: Transition): void {
    const { state } = step;
    if (!isInTraining(before.round) || state.round.status !== 'folding') return;
    const { round } = state;
    const roles = rolesOf(round);
    const isMet = roles.every(role => servedCount(round, role) >= goalOf(round, role));
    const hasAny = roles.some(role => servedCount(round, role) > 0);
    const isDue = hasAny && (before.round.status !== 'open' || now >= before.round.deadlineAt);
    const isIdle =
      input.type === 'request-lease' &&
      before.round.idleSince !== null &&
      now - before.round.idleSince >= IDLE_MS &&
      [...state.leases.values()].every(({ isFreed }) => isFreed) &&
      hasAny;
    must(isMet || isDue || isIdle, '[ROUND2] [ROUND3] [ROUND4] a round closes for a reason');
  }

  private checkAlarm({ step, now }: Transition): void {
    const { state } = step;
    const alarm = nextAlarm(state);
    const due = [...state.leases.values()].flatMap(({ deadlineAt, timing, isFreed }) =>
      isFreed || !timing?.overdueAt ? [deadlineAt] : [deadlineAt, timing.overdueAt],
    );
    if (state.round.status === 'open') due.push(state.round.deadlineAt);
    if (state.round.status === 'checking') {
      const { by, waitsUntil } = state.round.check;
      const at = by?.until ?? waitsUntil;
      if (at !== null) due.push(at);
    }
    if (state.closing && state.phase !== 'finished') due.push(closingDueAt(state));
    if (state.phase !== 'finished')
      must((alarm !== null) === due.length > 0, 'an alarm is set if anything is due');
    must(alarm === null || alarm > now, 'the alarm is not in the past');
    must(alarm === null || due.every(at => alarm <= at), 'the alarm is no later than what is due');
  }

  /** [CLOSE1] [CLOSE3] [CLOSE4] */
  private checkEnd({ step: { state, events } }: Transition): void {
    const { phase, round, closing, evaluatedVersion, manifest, leases } = state;
    must(
      phase !== 'open' || (round.status === 'over') <= (closing !== undefined),
      '[CLOSE1] the end is told',
    );
    must(
      !closing || [...leases.values()].every(({ role }) => role === 'evaluator'),
      '[CLOSE2] a run that closes trains nothing',
    );
    const end = events.find(event => event.type === 'run-finished');
    const isTested = manifest.version === 0 || evaluatedVersion === manifest.version;
    must(
      !end || isTested === (end.untested !== true),
      '[CLOSE3] [CLOSE4] the end tells whether it is tested',
    );
  }

  private checkView(state: RunState): void {
    const { phase, version, round, volunteers } = this.view;
    must(phase === state.phase && version === state.manifest.version, '[VIEW2] phase and version agree');
    must(
      rolesOf(state.round).length === 0 || round === state.round.number,
      '[VIEW2] the opened round agrees',
    );
    const shown = Object.values(volunteers).flatMap(({ volunteer, lease, next }) =>
      [lease, next?.lease ?? null].flatMap(held => (held === null ? [] : [{ volunteer, lease: held }])),
    );
    const isTrue = shown.every(({ volunteer, lease }) => state.leases.get(lease)?.volunteer === volunteer);
    must(isTrue && shown.length === this.open.size, '[VIEW3] volunteers are shown at what they do');
  }
}
