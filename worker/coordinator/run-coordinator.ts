import { DurableObject } from 'cloudflare:workers';
import { countActive } from '../../shared/federation/lease/crowd.ts';
import { updatesWanted } from '../../shared/federation/round/updates-wanted.ts';
import { type MachineStep, stepRun } from '../../shared/federation/round-machine.ts';
import { initialState, nextAlarm, type RunInput } from '../../shared/federation/run-state.ts';
import type { CheckResponse, CheckVerdict, VerdictResponse } from '../../shared/protocol/check.ts';
import type { CohortEntry } from '../../shared/protocol/cohort-report.ts';
import type { LedgerPage } from '../../shared/protocol/events.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { KeyListing, KeyRequest, MadeKey } from '../../shared/protocol/keys.ts';
import type {
  ControlAction,
  CreateRunRequest,
  HostDetails,
  JoinRequest,
  JoinResponse,
  LeaseResponse,
  RunInfo,
} from '../../shared/protocol/messages.ts';
import type { Manifest } from '../../shared/protocol/model-outline.ts';
import { accepted, type RefusalReason, type Result, refused } from '../../shared/protocol/refusals.ts';
import type { Region } from '../../shared/protocol/region.ts';
import { usualVisibility } from '../../shared/protocol/visibility.ts';
import { AlarmClock } from '../alarm-clock.ts';
import type { Env } from '../env.ts';
import type {
  CoordinatorObject,
  HostAsk,
  RelayScene,
  RelayWish,
  Reported,
  ShownKey,
} from '../object-calls.ts';
import type { DatasetMark } from '../storage/dataset-directory.ts';
import { createKey, deriveKey, sameKey } from '../tokens.ts';
import { Admission } from './admission.ts';
import { askForLease } from './ask-for-lease.ts';
import { askForCheck, tellVerdict } from './checks.ts';
import { CohortCalls, callsDueAt } from './cohort-calls.ts';
import { beginDeletion, Deletion } from './deletion.ts';
import { FORGED_ENTRIES_A_ROUND, forgedUpdate } from './forged-update.ts';
import { identifyRun } from './identify-run.ts';
import { joinRun } from './join-run.ts';
import { isListedAnew, type OpenRun, openRun, tellingOf } from './open-run.ts';
import { Relays } from './relays.ts';
import { runInfo } from './run-info.ts';
import { type RunIdentity, RunStore } from './store/run-store.ts';
import { Whereabouts } from './whereabouts.ts';
import { whyMissing } from './why-missing.ts';

/** A cohort that failed is asked again after this. That is sooner than an idle object sleeps (10 s) and forgets. */
const RETRY_MS = 5_000;

/**
 * The coordinator of one run: the shell around the round machine. It gives the machine inputs. It stores what changed
 * and the ledger's entries in one transaction. Then it tells the relays, sets the alarm and lets the cohorts fold. No
 * weight passes here.
 */
export class RunCoordinator extends DurableObject<Env> implements CoordinatorObject {
  private readonly store: RunStore;
  private readonly relays: Relays;
  private readonly whereabouts = new Whereabouts();
  private readonly cohorts: CohortCalls;
  private readonly admission: Admission;
  private readonly alarms: AlarmClock;
  private open: OpenRun | null = null;
  /** [KEY7] What is left to do if the run is deleted. */
  private deletion: Deletion | null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.store = new RunStore(ctx.storage);
    this.relays = new Relays(ctx, env, this.store);
    this.cohorts = new CohortCalls(env, input => this.step(input));
    this.alarms = new AlarmClock(ctx.storage);
    this.admission = new Admission(env);
    this.deletion = Deletion.underWay(env, ctx.storage);
    const left = this.deletion ? null : this.store.open(Date.now());
    if (left) this.open = this.opened(left);
    if (this.open) this.relays.restore(tellingOf(this.open));
    if (this.open || this.deletion) void ctx.blockConcurrencyWhile(() => this.wake());
  }

  /** [SWEEP5] A run that had ended before a release that knew of this has no alarm. */
  private async wake(): Promise<void> {
    await this.alarms.wake();
    const { open } = this;
    const termAt =
      open?.archives.dueAt(open.state.phase === 'finished', Date.now()) ?? Number.POSITIVE_INFINITY;
    if (termAt < Number.POSITIVE_INFINITY) await this.alarms.ringBy(termAt);
  }

  /** A creation that is repeated, since its reply was lost, gets the same reply and changes nothing. */
  async create(
    run: string,
    request: CreateRunRequest,
    location: Region | null = null,
  ): Promise<Result<{ hostKey: string }>> {
    const { nonce } = request;
    const hostKey = nonce ? await deriveKey(this.env, 'host key', nonce) : createKey();
    if (this.open || this.deletion) return this.createdBefore(hostKey);
    const identified = await identifyRun(this.env, run, request, hostKey, location);
    if (!identified.ok) return identified;
    // From here on everything is in one turn, so that of two creations with one nonce the second finds the first.
    if (this.open || this.deletion) return this.createdBefore(hostKey);
    const [identity, state] = [identified.value, initialState(request.segments)];
    this.store.create(identity, state);
    this.open = this.opened({ identity, state });
    this.open.listing.put(request.visibility ?? usualVisibility(this.env.RUN_CREATION));
    this.open.names.owe();
    await this.open.chores.listNew(this.open, Date.now());
    return accepted({ hostKey });
  }

  private async createdBefore(hostKey: string): Promise<Result<{ hostKey: string }>> {
    if (!this.open) return this.absent;
    const isSame = await sameKey(hostKey, this.open.identity.hostKeyHash);
    return isSame ? accepted({ hostKey }) : refused('malformed', 'this run exists');
  }

  private opened(run: Pick<OpenRun, 'identity' | 'state'>): OpenRun {
    const { ctx, env, store, cohorts } = this;
    return openRun(run, {
      ...{ ctx, env, store, cohorts },
      step: input => this.step(input),
      present: () => this.open,
      whereabouts: this.whereabouts,
      onDone: () => this.setAlarm(Date.now()),
    });
  }

  /** What is said to every call while no run is open here. */
  private get absent() {
    return refused(this.deletion ? 'deleted' : 'not-found');
  }

  info(): Result<RunInfo> {
    return this.open ? accepted(runInfo(this.env, this.open)) : this.absent;
  }

  version(version: number): Result<Manifest> {
    if (!this.open) return this.absent;
    const manifest = this.store.manifest(version);
    return manifest ? accepted(manifest) : refused('not-found', whyMissing(this.open, version));
  }

  ledger(after: number): Result<LedgerPage> {
    if (!this.open) return this.absent;
    const { seq } = this.open.live.core;
    return accepted({ events: this.store.ledger(after), last: seq, first: this.store.firstSeq });
  }

  async control(key: string, action: ControlAction, isOwner = false): Promise<Result<true>> {
    return this.open?.desk.control({ key, isOwner }, action) ?? this.absent;
  }

  keptVersions(): Result<number[]> {
    return this.open ? accepted(this.store.sweeping.wholeVersions()) : this.absent;
  }

  async takeBack(shown: ShownKey, to: number): Promise<Result<true>> {
    return this.open?.desk.takeBack(shown, to) ?? this.absent;
  }

  async remove(shown: ShownKey, volunteer: string): Promise<Result<true>> {
    return this.open?.desk.remove(shown, volunteer) ?? this.absent;
  }

  async asHost(shown: ShownKey, ask: HostAsk): Promise<Result<HostDetails | true>> {
    return this.open?.desk.ask(shown, ask) ?? this.absent;
  }

  /** [KEY7] From here on the run is none. What it left behind goes in turns. */
  async deleteRun(shown: ShownKey): Promise<Result<true>> {
    const allowed = (await this.open?.desk.mayDelete(shown)) ?? this.absent;
    if (!allowed.ok || !this.open) return allowed;
    this.deletion = beginDeletion(this.env, this.ctx.storage, this.store, this.cohorts, this.open);
    this.open = null;
    this.relays.end();
    await this.deletion.setOut(this.alarms);
    return accepted(true);
  }

  /** [KEY7] In an object that has no run. */
  removeDataset(mark: string, dataset: DatasetMark, blobs: readonly string[]): Promise<void> {
    this.deletion = Deletion.beginOfDataset(this.env, this.ctx.storage, mark, dataset, blobs);
    return this.deletion.setOut(this.alarms);
  }

  async listKeys(shown: ShownKey): Promise<Result<KeyListing[]>> {
    return this.open?.desk.listKeys(shown) ?? this.absent;
  }

  async makeKey(shown: ShownKey, request: KeyRequest): Promise<Result<MadeKey>> {
    return this.open?.desk.makeKey(shown, request) ?? this.absent;
  }

  async revokeKey(shown: ShownKey, id: string): Promise<Result<true>> {
    return this.open?.desk.revokeKey(shown, id) ?? this.absent;
  }

  async renewHostKey(shown: ShownKey, nonce: string): Promise<Result<{ hostKey: string }>> {
    return this.open?.desk.renewHostKey(shown, nonce) ?? this.absent;
  }

  async join(
    request: JoinRequest,
    shownKey: string | null,
    address?: string,
    isOwner?: boolean,
  ): Promise<Result<JoinResponse>> {
    if (!this.open) return this.absent;
    const joining = { request, shownKey, address, isOwner };
    const ports = { ...{ env: this.env, admission: this.admission }, present: () => this.open };
    return joinRun({ ...ports, step: input => this.step(input) }, this.open, joining);
  }

  async lease(volunteer: string, beside?: string, macsPerSecond?: number): Promise<Result<LeaseResponse>> {
    const ask = { volunteer, beside, macsPerSecond };
    return this.open ? askForLease(this.env, this.open, input => this.step(input), ask) : this.absent;
  }

  async release(volunteer: string, lease: string, reason: string, diverged: boolean): Promise<Result<true>> {
    const result = await this.step({ type: 'release', volunteer, lease, reason, diverged });
    return result.ok ? accepted(true) : result;
  }

  async requestCheck(volunteer: string): Promise<Result<CheckResponse>> {
    const config = this.open?.identity.config;
    return config ? askForCheck(config, input => this.step(input), volunteer) : this.absent;
  }

  noteVerdict(volunteer: string, check: string, verdict: CheckVerdict): Promise<Result<VerdictResponse>> {
    return tellVerdict(input => this.step(input), volunteer, check, verdict);
  }

  async report(role: Role, entries: readonly CohortEntry[]): Promise<Reported | undefined> {
    await this.step({ type: 'report', role, entries });
    return this.open ? { wanted: updatesWanted(this.open.state, role) } : undefined;
  }

  async reportForged(lease: string, reason: RefusalReason, bytes: number): Promise<void> {
    const state = this.open?.state;
    if (!state || !this.store.countForged(state.round.number, FORGED_ENTRIES_A_ROUND)) return;
    this.record({ state, events: [forgedUpdate(lease, reason, bytes)] }, Date.now());
  }

  config(): Result<RunIdentity['config']> {
    return this.open ? accepted(this.open.identity.config) : this.absent;
  }

  attend(slot: number, wish: RelayWish): Result<RelayScene> {
    return this.open ? accepted(this.relays.attend(tellingOf(this.open), slot, wish)) : this.absent;
  }

  async presence(slot: number, here: readonly string[], gone: readonly string[]): Promise<void> {
    await this.step({ type: 'presence', here, gone: this.whereabouts.move(slot, here, gone) });
    if (this.open) this.relays.notePresence(tellingOf(this.open));
  }

  /** A Worker of the release before this one looks for event sockets here. Whoever asked it comes back by itself. */
  override async fetch(): Promise<Response> {
    return new Response(null, { status: 503 });
  }

  override async alarm(): Promise<void> {
    this.alarms.rang();
    if (this.deletion) return this.deletion.goOn(this.alarms);
    const { open } = this;
    open?.chores.begin(() => this.open ?? open, Date.now());
    await this.step({ type: 'alarm' });
  }

  private async step(input: RunInput): Promise<Result<MachineStep>> {
    if (!this.open) return this.absent;
    const now = Date.now();
    const { state: before, identity } = this.open;
    const manifestOf = (version: number) => this.open && this.store.manifest(version);
    const result = stepRun(identity.config, before, input, now);
    if (!result.ok) return result;
    this.record(result.value, now);
    await this.setAlarm(now);
    this.ctx.waitUntil(this.cohorts.askPending(identity, () => this.open?.state ?? before, now, manifestOf));
    const isOver = before.phase !== 'finished' && result.value.state.phase === 'finished';
    if (isOver) await this.cohorts.finish(identity, result.value.state);
    return result;
  }

  /** State and ledger are stored first, then the relays are told. So nobody hears of what could be lost. */
  private record({ state, events }: MachineStep, now: number): void {
    if (!this.open) return;
    const entries = this.store.save(state, events, now);
    const { identity, live } = this.open;
    const seen = live.core;
    // This is set at once: memory must say what storage says, whatever fails below.
    this.open = { ...this.open, state };
    for (const entry of entries) live.apply(entry);
    this.store.keep(state, live);
    const active = (): number => countActive(identity.config, state, now);
    this.relays.note(tellingOf(this.open), entries, this.whereabouts.count, active);
    if (isListedAnew(seen, live.core)) this.ctx.waitUntil(this.open.chores.list(this.open, now));
  }

  private async setAlarm(now: number): Promise<void> {
    if (!this.open) return;
    const { identity, state, chores } = this.open;
    const foldAt = Math.max(callsDueAt(identity.config, state, now), now + RETRY_MS);
    const roundAt = nextAlarm(state) ?? Number.POSITIVE_INFINITY;
    await this.alarms.ringBy(Math.min(roundAt, foldAt, chores.dueAt(this.open, now)));
  }
}
