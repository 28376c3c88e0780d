import { maxEnvelopeBytes } from '../../shared/codec/envelope.ts';
import { type CheckedUpdate, checkUpdate } from '../../shared/cohort/check-update.ts';
import { CohortMachine } from '../../shared/cohort/cohort-machine.ts';
import { MemoryLog } from '../../shared/cohort/memory-log.ts';
import type { Envelopes } from '../../shared/cohort/ports.ts';
import { claimsOf } from '../../shared/federation/lease/claims-of.ts';
import type { Grant, LeaseReply } from '../../shared/federation/lease/grant-lease.ts';
import { foldRequest, pendingFolds, pendingTakeBack } from '../../shared/federation/round/fold-order.ts';
import { type MachineStep, stepRun } from '../../shared/federation/round-machine.ts';
import { initialState, type RunInput, type RunState } from '../../shared/federation/run-state.ts';
import type { EventBody } from '../../shared/protocol/events.ts';
import { expectedTensors } from '../../shared/protocol/expected-tensors.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { LeaseClaims } from '../../shared/protocol/lease.ts';
import type { Manifest, ShardRef } from '../../shared/protocol/model-outline.ts';
import type { Result } from '../../shared/protocol/refusals.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import { returnTo } from '../simulate/return-to.ts';
import { MemoryBlobs } from '../support/memory-blobs.ts';
import { memoryEnvelopes } from '../support/memory-envelopes.ts';
import { MemorySums } from '../support/memory-sums.ts';
import { testSeed } from '../support/test-seeds.ts';

/** A role's cohort, and what it remembers. */
interface MemoryCohort {
  readonly log: MemoryLog;
  readonly machine: CohortMachine;
}

interface FirstWeights {
  readonly shards: Readonly<Record<string, readonly ShardRef[]>>;
  readonly blobs: readonly { readonly bytes: Uint8Array }[];
}

/** The platform in memory: the real round machine, the real checks and the real cohorts, in virtual time. */
export class MemoryPlatform {
  readonly config: RunConfig;
  readonly blobs = new MemoryBlobs();
  state: RunState;
  /** Milliseconds. Only its owner moves it. */
  now = 1_000_000;
  /** Told the ledger's entries. */
  onEvents: (events: readonly EventBody[]) => void = () => {};
  private leases = 0;
  /** Every version by its number. The shards are kept of those that the run may return to. */
  private readonly manifests = new Map<number, Manifest>();
  /** Shards of older versions that are not let go yet. */
  private readonly former = new Set<string>();
  private readonly sums = new MemorySums();
  private readonly cohorts = new Map<Role, MemoryCohort>();

  /** A run that is open. */
  constructor(config: RunConfig, { blobs, shards }: FirstWeights) {
    this.config = config;
    for (const { bytes } of blobs) this.blobs.keep(bytes);
    this.state = initialState(shards);
    this.input({ type: 'control', action: 'open' });
  }

  /** @throws if the machine refuses it */
  input(input: RunInput): MachineStep {
    const step = stepRun(this.config, this.state, input, this.now);
    if (!step.ok) throw new Error(`the machine refuses ${input.type}: ${step.detail ?? step.reason}`);
    this.state = step.value.state;
    this.manifests.set(this.state.manifest.version, this.state.manifest);
    this.onEvents(step.value.events);
    return step.value;
  }

  /** @param memoryMB of its device; 0 has room for all */
  join(volunteer: string, memoryMB = 0, referee = false): void {
    const device = { backend: 'wasm', macsPerSecond: 0, memoryMB };
    this.input({ type: 'join', volunteer, name: volunteer, device, referee });
  }

  ask(volunteer: string): LeaseReply | undefined {
    this.leases += 1;
    return this.input({ type: 'request-lease', volunteer, lease: `lease${this.leases}` }).reply;
  }

  /** Somebody sends an envelope for a lease. The machine hears what its cohort made of it. */
  send(grant: Grant, envelope: Uint8Array): Result<CheckedUpdate> {
    const { role } = grant.lease;
    const { log, machine } = this.cohort(role);
    const claims = this.claims(grant);
    const check = () => checkUpdate(this.config, claims, envelope);
    const taken = machine.accept(claims, this.now, check, envelope.length, { bytes: envelope });
    this.input({ type: 'report', role, entries: log.outbox.splice(0) });
    return taken;
  }

  /** What `send` would say now. Nothing is written down. */
  check(grant: Grant, envelope: Uint8Array): Result<CheckedUpdate> {
    const { machine } = this.cohort(grant.lease.role);
    const claims = this.claims(grant);
    return machine.check(claims, this.now, () => checkUpdate(this.config, claims, envelope));
  }

  /** Folds what is due. What the newest version no longer has is let go. */
  async foldAll(): Promise<void> {
    const { manifest } = this.state;
    this.takeBack();
    for (let [role] = this.pending(); role !== undefined; [role] = this.pending()) {
      const request = foldRequest(this.config, this.state, role);
      const { machine } = this.cohort(role);
      machine.close(request.round);
      const result = await machine.fold(request);
      this.input({ type: 'folded', role, round: request.round, result });
    }
    if (this.state.manifest !== manifest) this.letGo(manifest);
  }

  /** [BACK4] Every cohort hears that the round is taken back. */
  private takeBack(): void {
    const request = pendingTakeBack(this.state);
    if (!request) return;
    const { round, to } = request;
    for (const { machine } of this.cohorts.values()) machine.takeBack(round, to);
    this.input(returnTo(request, this.manifests));
  }

  /** The updates that count in a round of a role, as they came. */
  envelopes(role: Role, round: number): Pick<Envelopes, 'read'> {
    const kept = new Map(
      this.cohort(role)
        .log.allUpdates(round)
        .map(update => [update.lease, update]),
    );
    return {
      read: ({ lease }, offset, bytes) => {
        const update = kept.get(lease);
        if (!update) throw new Error(`there is no update of lease ${lease}`);
        return memoryEnvelopes.read(update, offset, bytes);
      },
    };
  }

  /** What the lease's token says. */
  private claims(grant: Grant): LeaseClaims {
    const { spec, model } = this.config;
    const tensors = expectedTensors(model, grant.task.trains, grant.task.slices);
    return claimsOf('bench0', grant, maxEnvelopeBytes(spec.codec, tensors));
  }

  private cohort(role: Role): MemoryCohort {
    const known = this.cohorts.get(role);
    if (known) return known;
    const log = new MemoryLog();
    const sums = this.sums.of(role);
    const ports = { log, blobs: this.blobs, envelopes: memoryEnvelopes, sums, seedOf: testSeed };
    const cohort = { log, machine: new CohortMachine(this.config, role, ports) };
    this.cohorts.set(role, cohort);
    return cohort;
  }

  private pending(): Role[] {
    return pendingFolds(this.config, this.state);
  }

  private letGo(before: Manifest): void {
    for (const sha256 of shardsOf(before)) this.former.add(sha256);
    const inUse = new Set([this.state.manifest, ...this.judged()].flatMap(shardsOf));
    for (const sha256 of this.former)
      if (!inUse.has(sha256) && this.former.delete(sha256)) this.blobs.delete(sha256);
  }

  /** The version that is being judged may be older than the newest one. The run may return to those judged lately. */
  private judged(): Manifest[] {
    const { evaluation, judged = [] } = this.state;
    const kept = judged.flatMap(({ version }) => this.manifests.get(version) ?? []);
    return evaluation ? [evaluation.manifest, ...kept] : kept;
  }
}

const shardsOf = ({ segments }: Manifest): string[] =>
  Object.values(segments).flatMap(({ shards, slots = {} }) =>
    [...shards, ...Object.values(slots).flat()].flatMap(ref => (ref ? [ref.sha256] : [])),
  );
