import { DurableObject } from 'cloudflare:workers';
import { countActive } from '../../shared/federation/lease/crowd.ts';
import { updatesWanted } from '../../shared/federation/round/updates-wanted.ts';
import { type MachineStep, stepRun } from '../../shared/federation/round-machine.ts';
import { initialState, nextAlarm, type RunInput, type RunState } from '../../shared/federation/run-state.ts';
import type { CheckResponse, CheckVerdict, VerdictResponse } from '../../shared/protocol/check.ts';
import type { CohortEntry } from '../../shared/protocol/cohort-report.ts';
import type { LedgerPage } from '../../shared/protocol/events.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { KeyListing, KeyRequest, MadeKey } from '../../shared/protocol/keys.ts';
import type {
  ControlAction,
  CreateRunRequest,
  JoinRequest,
  JoinResponse,
  LeaseResponse,
  RunInfo,
} from '../../shared/protocol/messages.ts';
import type { Manifest } from '../../shared/protocol/model-outline.ts';
import { accepted, type RefusalReason, type Result, refused } from '../../shared/protocol/refusals.ts';
import type { Region } from '../../shared/protocol/region.ts';
import { AlarmClock } from '../alarm-clock.ts';
import type { Env } from '../env.ts';
import type { CoordinatorObject, RelayScene, RelayWish, Reported, ShownKey } from '../object-calls.ts';
import { createId, createKey, deriveKey, sameKey, signVolunteer } from '../tokens.ts';
import { Admission, KEY_GONE } from './admission.ts';
import { answerAsk } from './answer-ask.ts';
import { Barring } from './barring.ts';
import { checkRun } from './check-run.ts';
import { askForCheck, tellVerdict } from './checks.ts';
import { Chores } from './chores.ts';
import { CohortCalls, callsDueAt } from './cohort-calls.ts';
import { FORGED_ENTRIES_A_ROUND, forgedUpdate } from './forged-update.ts';
import { HostDesk } from './host-desk.ts';
import { identifyRun } from './identify-run.ts';
import { KeyRing } from './key-ring.ts';
import { isListedAnew, type OpenRun, tellingOf } from './open-run.ts';
import { Relays } from './relays.ts';
import { type RunIdentity, RunStore } from './store/run-store.ts';
import { checkOf } from './turnstile.ts';
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

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.store = new RunStore(ctx.storage);
    this.relays = new Relays(ctx, env, this.store);
    this.cohorts = new CohortCalls(env, input => this.step(input));
    this.alarms = new AlarmClock(ctx.storage);
    this.admission = new Admission(env);
    const left = this.store.open(Date.now());
    if (!left) return;
    this.open = this.opened(left);
    this.relays.restore(tellingOf(this.open));
    void ctx.blockConcurrencyWhile(() => this.alarms.wake());
  }

  /** A creation that is repeated, since its reply was lost, gets the same reply and changes nothing. */
  async create(
    run: string,
    request: CreateRunRequest,
    location: Region | null = null,
  ): Promise<Result<{ hostKey: string }>> {
    const { nonce } = request;
    const hostKey = nonce ? await deriveKey(this.env, 'host key', nonce) : createKey();
    if (this.open) return this.createdBefore(hostKey);
    const checked = await checkRun(request, this.env.BLOBS);
    if (!checked.ok) return checked;
    const identity = await identifyRun(run, request, hostKey, location);
    // From here on everything is in one turn, so that of two creations with one nonce the second finds the first.
    if (this.open) return this.createdBefore(hostKey);
    const state = initialState(request.segments);
    this.store.create(identity, state);
    this.open = this.opened({ identity, state });
    await this.open.chores.list(this.open, Date.now());
    return accepted({ hostKey });
  }

  private async createdBefore(hostKey: string): Promise<Result<{ hostKey: string }>> {
    const isSame = this.open !== null && (await sameKey(hostKey, this.open.identity.hostKeyHash));
    return isSame ? accepted({ hostKey }) : refused('malformed', 'this run exists');
  }

  private opened(run: Pick<OpenRun, 'identity' | 'state'>): OpenRun {
    const { ctx, env, store, cohorts } = this;
    const { identity } = run;
    const barring = new Barring(ctx.storage.sql, identity, cohorts);
    const chores = new Chores(ctx, env, store.sweeping, identity, barring, () => this.setAlarm(Date.now()));
    const keys = new KeyRing(ctx.storage.sql, identity);
    const step = (input: RunInput) => this.step(input);
    const present = () => this.open?.state;
    const isKept = (version: number) => store.sweeping.isWhole(version);
    const desk = new HostDesk({ env, identity, keys, barring, step, present, isKept });
    return { ...run, live: store.view(), chores, keys, desk };
  }

  info(): Result<RunInfo> {
    if (!this.open) return refused('not-found');
    const { identity, live } = this.open;
    const { spec, model } = identity.config;
    return accepted({
      run: identity.run,
      spec,
      model,
      needsCode: identity.joinCodeHash !== null,
      ...checkOf(this.env),
      view: live.shown(),
    });
  }

  version(version: number): Result<Manifest> {
    if (!this.open) return refused('not-found');
    const manifest = this.store.manifest(version);
    return manifest ? accepted(manifest) : refused('not-found', whyMissing(this.open, version));
  }

  ledger(after: number): Result<LedgerPage> {
    if (!this.open) return refused('not-found');
    const { seq } = this.open.live.core;
    return accepted({ events: this.store.ledger(after), last: seq, first: this.store.firstSeq });
  }

  async control(key: string, action: ControlAction, isOwner = false): Promise<Result<true>> {
    return this.open?.desk.control({ key, isOwner }, action) ?? refused('not-found');
  }

  keptVersions(): Result<number[]> {
    return this.open ? accepted(this.store.sweeping.wholeVersions()) : refused('not-found');
  }

  async takeBack(shown: ShownKey, to: number): Promise<Result<true>> {
    return this.open?.desk.takeBack(shown, to) ?? refused('not-found');
  }

  async remove(shown: ShownKey, volunteer: string): Promise<Result<true>> {
    return this.open?.desk.remove(shown, volunteer) ?? refused('not-found');
  }

  async listKeys(shown: ShownKey): Promise<Result<KeyListing[]>> {
    return this.open?.desk.listKeys(shown) ?? refused('not-found');
  }

  async makeKey(shown: ShownKey, request: KeyRequest): Promise<Result<MadeKey>> {
    return this.open?.desk.makeKey(shown, request) ?? refused('not-found');
  }

  async revokeKey(shown: ShownKey, id: string): Promise<Result<true>> {
    return this.open?.desk.revokeKey(shown, id) ?? refused('not-found');
  }

  async renewHostKey(shown: ShownKey, nonce: string): Promise<Result<{ hostKey: string }>> {
    return this.open?.desk.renewHostKey(shown, nonce) ?? refused('not-found');
  }

  async join(
    request: JoinRequest,
    shownKey: string | null,
    address?: string,
    isOwner?: boolean,
  ): Promise<Result<JoinResponse>> {
    if (!this.open) return refused('not-found');
    const { identity, keys } = this.open;
    const isKnown = (id: string): boolean => this.open?.state.volunteers.get(id) !== undefined;
    const joining = { request, shownKey, address, isOwner };
    const admitted = await this.admission.admit({ identity, keys, isKnown }, joining);
    if (!admitted.ok) return admitted;
    const { run } = identity;
    const { name, device } = request;
    const { volunteer, referee, key } = admitted.value;
    // [KEY3] It may have been revoked meanwhile, and whoever had joined with it put out.
    if (key && !keys.has(key)) return refused('forbidden', KEY_GONE);
    const ofKey = key && { key: key.id };
    const result = await this.step({ type: 'join', volunteer, name, device, referee, ...ofKey });
    if (!result.ok) return result;
    const index = this.open.live.indexOf(volunteer);
    const token = await signVolunteer(this.env, { kind: 'volunteer', run, volunteer }, key?.endsAt);
    return accepted({ volunteer, token, ...(index === null ? {} : { index }) });
  }

  /** @param beside a lease of this volunteer that goes on */
  async lease(volunteer: string, beside?: string, macsPerSecond?: number): Promise<Result<LeaseResponse>> {
    if (!this.open) return refused('not-found');
    const ask = { volunteer, lease: createId(16), beside, macsPerSecond };
    const result = await this.step({ type: 'request-lease', ...ask });
    if (!result.ok) return result;
    return accepted(await answerAsk(this.env, this.open.identity, result.value));
  }

  async release(volunteer: string, lease: string, reason: string, diverged: boolean): Promise<Result<true>> {
    const result = await this.step({ type: 'release', volunteer, lease, reason, diverged });
    return result.ok ? accepted(true) : result;
  }

  async requestCheck(volunteer: string): Promise<Result<CheckResponse>> {
    if (!this.open) return refused('not-found');
    return askForCheck(this.open.identity.config, input => this.step(input), volunteer);
  }

  noteVerdict(volunteer: string, check: string, verdict: CheckVerdict): Promise<Result<VerdictResponse>> {
    return tellVerdict(input => this.step(input), volunteer, check, verdict);
  }

  async report(role: Role, entries: readonly CohortEntry[]): Promise<Reported | undefined> {
    await this.step({ type: 'report', role, entries });
    return this.open ? { wanted: updatesWanted(this.open.state, role) } : undefined;
  }

  async reportForged(lease: string, reason: RefusalReason, bytes: number): Promise<void> {
    if (!this.open) return;
    if (!this.store.countForged(this.open.state.round.number, FORGED_ENTRIES_A_ROUND)) return;
    this.record({ state: this.open.state, events: [forgedUpdate(lease, reason, bytes)] }, Date.now());
  }

  config(): Result<RunIdentity['config']> {
    return this.open ? accepted(this.open.identity.config) : refused('not-found');
  }

  attend(slot: number, wish: RelayWish): Result<RelayScene> {
    return this.open ? accepted(this.relays.attend(tellingOf(this.open), slot, wish)) : refused('not-found');
  }

  /** From a relay: volunteers who came to it or left it. */
  async presence(slot: number, here: readonly string[], gone: readonly string[]): Promise<void> {
    await this.step({ type: 'presence', here, gone: this.whereabouts.move(slot, here, gone) });
  }

  /** A Worker of the release before this one looks for event sockets here. Whoever asked it comes back by itself. */
  override async fetch(): Promise<Response> {
    return new Response(null, { status: 503 });
  }

  override async alarm(): Promise<void> {
    this.alarms.rang();
    const { open } = this;
    open?.chores.begin(() => this.open ?? open, Date.now());
    await this.step({ type: 'alarm' });
  }

  private async step(input: RunInput): Promise<Result<MachineStep>> {
    if (!this.open) return refused('not-found');
    const now = Date.now();
    const before = this.open.state;
    const result = stepRun(this.open.identity.config, before, input, now);
    if (!result.ok) return result;
    this.record(result.value, now);
    await this.setAlarm(now);
    const { identity } = this.open;
    const present = (): RunState => this.open?.state ?? before;
    this.ctx.waitUntil(
      this.cohorts.askPending(identity, present, now, version => this.store.manifest(version)),
    );
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
    this.relays.note(tellingOf(this.open), entries, this.whereabouts.count, () =>
      countActive(identity.config, state, now),
    );
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
