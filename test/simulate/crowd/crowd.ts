import type { Grant, LeaseReply } from '../../../shared/federation/lease/grant-lease.ts';
import type { LeaseState } from '../../../shared/federation/lease/lease-state.ts';
import type { MachineStep } from '../../../shared/federation/round-machine.ts';
import type { RunInput } from '../../../shared/federation/run-state.ts';
import { createRandom } from '../../../shared/math/random.ts';
import type { RunEvent } from '../../../shared/protocol/events.ts';
import type { EvaluationMetrics, TrainingMetrics } from '../../../shared/protocol/lease.ts';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import type { RefusalReason, Result } from '../../../shared/protocol/refusals.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import type { MemoryBlobs } from '../../support/memory-blobs.ts';
import { SimulatedPlatform } from '../simulated-platform.ts';
import type { Transition } from '../transition.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { crowdConfig, shareOf } from './crowd-run.ts';
import { type CrowdTraits, drawTraits } from './crowd-traits.ts';
import { CrowdVolunteer } from './crowd-volunteer.ts';
import type { CrowdSettings, CrowdWorld, Newcomer } from './crowd-world.ts';
import { Tally } from './tally.ts';
import { WaitingRoom } from './waiting-room.ts';

export interface CrowdOptions {
  /** Hears every entry of the ledger. */
  readonly onEvent?: (event: RunEvent) => void;
  /** If given, updates are real envelopes. Those that were folded are kept here, by lease. */
  readonly archive?: Map<string, Uint8Array>;
}

/** A larger update lies in R2 and not in its cohort's storage (worker/cohort). */
const ROW_BYTES = 1_000_000;

/** The host looks at a run that paused itself after a minute, and resumes it. */
const RESUME_MS = 60_000;

/** As the parts of a deployment hear of each other. */
const network = { reportMs: 100, foldMs: 1_000, alarmMs: 50, loss: 0 };

/** If no version comes out for so long, the run is stuck, or nobody is left. */
const LONGEST_ROUND_MS = 21_600_000;

/** Ends of leases that their holders hear of by an event: the work on them is of no use any more. */
const ends = ['the round closed', 'the run finished'];

/** A run with a crowd, from its opening to its end, under a virtual clock and one seed. */
export class Crowd implements CrowdWorld {
  readonly settings: CrowdSettings;
  readonly config: RunConfig;
  readonly clock = new VirtualClock(1_000_000);
  readonly tally = new Tally();
  readonly room: WaitingRoom;
  versionAt: number;
  /** Version 0. */
  readonly first: Manifest;
  private readonly platform: SimulatedPlatform;
  private readonly onEvent: (event: RunEvent) => void;
  private readonly people = new Map<string, CrowdVolunteer>();
  private readonly taken = new Set<string>();
  private readonly macs = new Map<string, number>();
  private leases = 0;
  private seq = 0;

  constructor(settings: CrowdSettings, { onEvent = () => {}, archive }: CrowdOptions = {}) {
    this.settings = settings;
    this.onEvent = onEvent;
    this.config = crowdConfig(settings);
    this.versionAt = this.clock.now;
    const random = createRandom('crowd-platform', settings.seed);
    this.room = new WaitingRoom(this.clock, this.config, createRandom('crowd-room', settings.seed));
    const { config, clock } = this;
    const onStep = (transition: Transition): void => this.follow(transition);
    this.platform = new SimulatedPlatform({ config, clock, network, random, onStep, archive });
    this.first = this.platform.state.manifest;
    this.platform.input({ type: 'control', action: 'open' });
    for (let i = 0; i < settings.volunteers; i++) this.invite(i);
  }

  get version(): number {
    return this.platform.state.manifest.version;
  }

  get isOver(): boolean {
    return this.platform.state.phase === 'finished' || this.clock.next() > this.versionAt + LONGEST_ROUND_MS;
  }

  get phase(): string {
    return this.platform.state.phase;
  }

  /** The weights of all versions. */
  get blobs(): MemoryBlobs {
    return this.platform.blobs;
  }

  /** Whether an honest volunteer is there who stays. */
  get hasHonest(): boolean {
    return [...this.people.values()].some(({ traits }) => traits.habit === 'steady' && !traits.isHostile);
  }

  /** Leases whose updates were taken. */
  get takenLeases(): ReadonlySet<string> {
    return this.taken;
  }

  get virtualMs(): number {
    return this.clock.elapsed;
  }

  /** Goes on for so many appointments, or to the end. */
  async advance(appointments: number): Promise<void> {
    for (let i = 0; i < appointments && !this.isOver; i++) {
      const working = this.clock.step();
      if (working) await working;
    }
  }

  join({ id, traits: { device } }: Newcomer): boolean {
    this.tally.request(this.clock.now);
    const joined = this.platform.input({ type: 'join', volunteer: id, name: id, device, referee: false });
    this.tally.demand.joins += 1;
    if (joined.ok) this.tally.demand.sockets += 1;
    else this.tally.turnedAway += 1;
    return joined.ok;
  }

  request(volunteer: string, beside: string | null): LeaseReply {
    this.tally.request(this.clock.now);
    const lease = `lease${++this.leases}`;
    const input = { type: 'request-lease', volunteer, lease, beside: beside ?? undefined } as const;
    const step = this.knownInput(volunteer, input);
    if (!step.ok || !step.value.reply) throw new Error(`${volunteer}, who joined, got no reply`);
    const { reply } = step.value;
    if (reply.type === 'lease') this.tally.demand.grants += 1;
    else this.tally.demand.polls += 1;
    return reply;
  }

  /** [CROWD1] Whoever has left by now joins anew. */
  private knownInput(volunteer: string, input: RunInput): Result<MachineStep> {
    const step = this.platform.input(input);
    const person = this.people.get(volunteer);
    if (step.ok || step.reason !== 'unauthorised' || !person) return step;
    return this.join(person) ? this.platform.input(input) : step;
  }

  release(volunteer: string, lease: string, reason: string): void {
    this.tally.request(this.clock.now);
    this.tally.demand.releases += 1;
    this.platform.input({ type: 'release', volunteer, lease, reason });
  }

  upload(grant: Grant, fault: RefusalReason | null, onReply: (isTaken: boolean) => void): void {
    const { lease } = grant;
    this.tally.request(this.clock.now);
    if (fault === 'unauthorised') {
      // The route refuses it, and no cohort hears of it.
      this.tally.refuse(fault);
      this.clock.after(1, () => onReply(false));
      return;
    }
    const metrics = lease.role === 'evaluator' ? judged(lease) : trained(lease.examples);
    const { ok } = this.platform.take({ lease, metrics, fault });
    if (ok) this.taken.add(lease.id);
    if (ok && this.uploadBytes(grant) > ROW_BYTES) this.tally.demand.largeUpdates += 1;
    this.clock.after(this.platform.reportMs(), () => {
      this.platform.report(lease);
      onReply(ok);
    });
  }

  isTaken(lease: string): boolean {
    return this.taken.has(lease);
  }

  gone(volunteer: string): void {
    this.platform.input({ type: 'presence', here: [], gone: [volunteer] });
  }

  here(volunteer: string): void {
    this.tally.demand.sockets += 1;
    this.platform.input({ type: 'presence', here: [volunteer], gone: [] });
  }

  wasted({ lease }: Grant, { isHostile }: CrowdTraits): void {
    if (lease.role !== 'evaluator' && !isHostile) this.tally.wasted += 1;
  }

  /** In f16, as the default codec has it. An evaluator sends figures only. */
  uploadBytes({ lease, task }: Grant): number {
    return lease.role === 'evaluator'
      ? 500
      : 2 * this.settings.parameters * shareOf(this.config, task.trains);
  }

  /** Kept, since a task's cost takes longer to work out than the machine's step. */
  macsOf(role: string, round: number, workOut: () => number): number {
    const key = `${role} ${round}`;
    const known = this.macs.get(key) ?? workOut();
    this.macs.set(key, known);
    return known;
  }

  private invite(number: number): void {
    const { seed, malice } = this.settings;
    const volunteer = new CrowdVolunteer(this, number, drawTraits(seed, number, malice));
    this.people.set(volunteer.id, volunteer);
    this.clock.after(volunteer.traits.joinsAtMs, () => volunteer.arrive());
  }

  private follow({ input, step, now }: Transition): void {
    this.tally.steps += 1;
    if (input.type === 'alarm') this.tally.demand.alarms += 1;
    for (const event of step.events) this.hear({ seq: ++this.seq, at: now, event });
  }

  private hear(entry: RunEvent): void {
    const { event, at } = entry;
    this.tally.record(entry);
    this.onEvent(entry);
    if (event.type === 'version-published') this.versionAt = at;
    if (event.type === 'run-paused') this.clock.after(RESUME_MS, () => this.resume());
    if (event.type === 'lease-ended')
      this.clock.after(0, () =>
        this.people.get(event.volunteer)?.hearEnd(event.lease, ends.includes(event.why)),
      );
    this.room.hear(entry);
  }

  private resume(): void {
    this.platform.input({ type: 'control', action: 'resume' });
  }
}

/** Honest judges count the same: half of each part. */
const judged = ({ parts, examples }: LeaseState): EvaluationMetrics => {
  const ofPart = examples / parts.length;
  const byPart = { correct: parts.map(() => Math.floor(ofPart / 2)), lossSum: parts.map(() => ofPart) };
  const correct = byPart.correct.reduce((sum, one) => sum + one, 0);
  return { examples, correct, lossSum: examples, byPart, downloadBytes: 0, backend: 'wasm' };
};

const trained = (samples: number): TrainingMetrics => ({
  ...{ samples, loss: 2, trainMs: 1_000, downloadBytes: 100, backend: 'wasm' },
});
