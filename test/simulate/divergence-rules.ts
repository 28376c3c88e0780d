import { goalOf, lateIn, rolesOf, servedCount } from '../../shared/federation/round/round-state.ts';
import type { RunState } from '../../shared/federation/run-state.ts';
import type { VolunteerState } from '../../shared/federation/volunteer/volunteer-state.ts';
import { fitsDevice } from '../../shared/plan/cost/fit-task.ts';
import { planTasks } from '../../shared/plan/plan-tasks.ts';
import { partExamples } from '../../shared/protocol/dataset.ts';
import type { EventBody } from '../../shared/protocol/events.ts';
import { fruitlessSchema } from '../../shared/protocol/pause.ts';
import type { RefusalReason } from '../../shared/protocol/refusals.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import { must } from './must.ts';
import type { Transition } from './transition.ts';

/** [DIV1] What a lease came to whose update was refused so, as the pause says it. */
const fruitless: Partial<Record<RefusalReason, string>> = {
  'not-finite': 'diverged',
  'out-of-range': 'too-large',
  'bad-statistics': 'bad-statistics',
};

/** The able volunteers, worked out from the plan and not by the machine. */
export function ableByPlan({ spec, model }: RunConfig, state: RunState, now: number): VolunteerState[] {
  const { training, policy, dataset } = spec;
  const leaseMs = Math.min(policy.leaseMs, policy.roundMs);
  const work = { batch: training.batch, examples: partExamples(dataset, 'train', 0), leaseMs };
  const tasks = planTasks(spec, model, state.round.number);
  return [...state.volunteers.values()].filter(
    ({ id, identity }) =>
      !state.presence.isGone(id) &&
      now - (state.presence.seenAt(id) ?? 0) < Math.max(60_000, policy.leaseMs) &&
      tasks.some(task => fitsDevice(model, task, identity.device, work)),
  );
}

/** Rules DIV1 to DIV3, from the ledger alone. */
export class DivergenceRules {
  private readonly config: RunConfig;
  /** Who trained this round, and who trained the one before. */
  private readonly training = new Map<number, string[]>();
  private trainedLast: readonly string[] = [];
  /** The volunteers of the training leases that were fruitless since the last update or resume. */
  private fruitlessBy: string[] = [];
  private lastFruitless = '';
  /** How often the rate of each volunteer was halved. */
  private readonly halvings = new Map<string, number>();

  constructor(config: RunConfig) {
    this.config = config;
  }

  check({ before, input, step: { reply, events, state }, now }: Transition): void {
    const open = new Map(Array.from(before.leases.values(), lease => [lease.id, lease]));
    const given = input.type === 'release' && input.diverged ? input.lease : null;
    for (const event of events) {
      this.followRounds(event, before.round.number);
      const isUpdate = event.type === 'update-accepted' && event.role !== 'evaluator';
      if (isUpdate || event.type === 'run-opened') this.fruitlessBy = [];
      if (event.type === 'run-paused' && fruitlessSchema.safeParse(event.why).success) {
        must(event.why === this.lastFruitless, '[DIV2] the pause says what the last fruitless lease came to');
        this.checkPause(state, now);
      }
      if (event.type !== 'lease-ended' && event.type !== 'update-refused') continue;
      const lease = open.get(event.lease);
      open.delete(event.lease);
      const released = event.type === 'lease-ended' && event.lease === given ? 'diverged' : undefined;
      const why = event.type === 'update-refused' ? fruitless[event.reason] : released;
      if (lease && lease.role !== 'evaluator' && why) this.noteFruitless(lease.volunteer, why);
    }
    if (reply?.type !== 'lease' || reply.lease.role === 'evaluator') return;
    const { learningRate } = this.config.spec.training;
    const halved = learningRate / 2 ** (this.halvings.get(reply.lease.volunteer) ?? 0);
    must(reply.task.schedule.rate === halved, '[DIV1] the rate is halved for every fruitless lease');
  }

  private noteFruitless(volunteer: string, why: string): void {
    this.fruitlessBy.push(volunteer);
    this.lastFruitless = why;
    this.halvings.set(volunteer, (this.halvings.get(volunteer) ?? 0) + 1);
  }

  private checkPause(state: RunState, now: number): void {
    const { updatesPerRound } = this.config.spec.policy;
    const able = ableByPlan(this.config, state, now);
    must(this.fruitlessBy.length >= 5, '[DIV2] five leases were fruitless, and no update came between');
    must(
      2 * new Set(this.fruitlessBy).size >= Math.min(able.length, 2 * updatesPerRound),
      '[DIV2] a run pauses itself if half of the volunteers say so, or as many as a round wants',
    );
    const served = new Set(Object.values(state.round.served).flat());
    const late = rolesOf(state.round).flatMap(role => lateIn(state.round, role));
    const isFull = (id: string): boolean => late.filter(({ volunteer }) => volunteer === id).length >= 2;
    const isAllWanted = rolesOf(state.round).every(
      role => servedCount(state.round, role) < goalOf(state.round, role),
    );
    const proven = able.filter(({ id }) => this.trainedLast.includes(id) && !served.has(id) && !isFull(id));
    must(
      !isAllWanted || proven.every(({ id }) => this.fruitlessBy.includes(id)),
      '[DIV2] nobody is there who trained the newest version and for whom it may go well',
    );
    const atWork = [...state.leases.values()].filter(({ role, isFreed }) => role !== 'evaluator' && !isFreed);
    must(
      atWork.every(({ volunteer }) => this.fruitlessBy.includes(volunteer)),
      '[DIV2] nobody is in training for whom it may go well',
    );
  }

  /** An update trains the round that it counts in: if that is over, it trained nothing. */
  private followRounds(event: EventBody, round: number): void {
    if (event.type === 'update-accepted' && event.role !== 'evaluator') {
      const { volunteer, countsIn = event.round } = event;
      if (countsIn >= round) this.training.set(countsIn, [...(this.training.get(countsIn) ?? []), volunteer]);
    }
    if (event.type !== 'version-published') return;
    // [BACK7] Nobody has trained a version that the run returned to.
    this.trainedLast = event.weightsOf === undefined ? (this.training.get(event.round) ?? []) : [];
  }
}
