import { isDeepStrictEqual } from 'node:util';
import { maxEnvelopeBytes } from '../../shared/codec/envelope.ts';
import { checkUpdate } from '../../shared/cohort/check-update.ts';
import { CohortMachine } from '../../shared/cohort/cohort-machine.ts';
import { MemoryLog } from '../../shared/cohort/memory-log.ts';
import type { Blobs } from '../../shared/cohort/ports.ts';
import { taskOf } from '../../shared/cohort/trained-segments.ts';
import { claimsOf } from '../../shared/federation/lease/claims-of.ts';
import { foldRequest, pendingFolds } from '../../shared/federation/round/fold-order.ts';
import type { FoldingRound } from '../../shared/federation/round/round-state.ts';
import { initialState, type RunState } from '../../shared/federation/run-state.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import type { FoldedRole } from '../../shared/protocol/cohort-report.ts';
import type { EventBody, RunEvent } from '../../shared/protocol/events.ts';
import { expectedTensors } from '../../shared/protocol/expected-tensors.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { Manifest, Slots } from '../../shared/protocol/model-outline.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import { countsIn } from './counts-in.ts';
import { memoryEnvelopes } from './memory-envelopes.ts';
import { MemorySums } from './memory-sums.ts';

type Granted = Extract<EventBody, { type: 'lease-granted' }>;
type Accepted = Extract<EventBody, { type: 'update-accepted' }>;
type Published = Extract<EventBody, { type: 'version-published' }>;

type Folded = ReadonlyMap<Role, FoldedRole>;

export interface RunRecord {
  readonly config: RunConfig;
  readonly ledger: readonly RunEvent[];
  readonly first: Manifest;
  /** Has the weights of version 0, and takes those that are computed. */
  readonly blobs: Blobs;
  /** The envelopes of updates that were folded, by lease. */
  readonly archive: ReadonlyMap<string, Uint8Array>;
}

/**
 * Computes every version again from version 0, the ledger and the archive, with cohorts that have seen nothing.
 * @returns the first difference in words, or null if all versions have the bytes that the ledger names
 */
export async function findDifference(record: RunRecord): Promise<string | null> {
  const replay = new Replay(record);
  for (const { event } of record.ledger) {
    if (event.type !== 'version-published') continue;
    const difference = await replay.differs(event);
    if (difference !== null) return `version ${event.version}: ${difference}`;
  }
  return null;
}

class Replay {
  private readonly record: RunRecord;
  private readonly sums = new MemorySums();
  private readonly cohorts = new Map<Role, CohortMachine>();
  private readonly granted: ReadonlyMap<string, Granted>;
  private manifest: Manifest;

  constructor(record: RunRecord) {
    this.record = record;
    this.manifest = record.first;
    this.granted = new Map(
      record.ledger.flatMap(({ event }) => (event.type === 'lease-granted' ? [[event.lease, event]] : [])),
    );
  }

  async differs(published: Published): Promise<string | null> {
    for (const update of this.updatesOf(published.round)) {
      const refusal = this.take(update);
      if (refusal !== null) return refusal;
    }
    const folded = await this.foldAll(published.round);
    return this.compare(published, folded);
  }

  private updatesOf(round: number): Accepted[] {
    return this.record.ledger.flatMap(({ event }) =>
      event.type === 'update-accepted' && event.role !== 'evaluator' && countsIn(event) === round
        ? [event]
        : [],
    );
  }

  private take(update: Accepted): string | null {
    const { config, archive } = this.record;
    const envelope = archive.get(update.lease);
    const granted = this.granted.get(update.lease);
    const task = taskOf(config, update.round, update.role);
    if (!envelope) return `the update of lease ${update.lease} is not in the archive`;
    if (!granted || !task) return `the ledger does not grant lease ${update.lease}`;
    if (sha256Hex(envelope) !== update.sha256) return `the update of lease ${update.lease} has another hash`;
    const lease = { ...granted, id: granted.lease, deadlineAt: Number.MAX_SAFE_INTEGER };
    const tensors = expectedTensors(config.model, task.trains, task.slices);
    const manifest = { version: granted.round - 1 };
    const claims = claimsOf(
      'replay',
      { lease, task, manifest },
      maxEnvelopeBytes(config.spec.codec, tensors),
    );
    const check = () => checkUpdate(config, claims, envelope);
    const taken = this.cohort(update.role).accept(claims, 0, check, envelope.length, { bytes: envelope });
    return taken.ok ? null : `the update of lease ${update.lease} is refused as ${taken.reason}`;
  }

  private async foldAll(number: number): Promise<Folded> {
    const goals = this.goalsOf(number);
    const folded = new Map<Role, FoldedRole>();
    const state = (): RunState => {
      const byRole = Object.fromEntries(folded);
      const round: FoldingRound = { status: 'folding', number, served: {}, goals, folded: byRole };
      return { ...initialState({}), phase: 'open', manifest: this.manifest, round };
    };
    const { config } = this.record;
    for (let [role] = pendingFolds(config, state()); role; [role] = pendingFolds(config, state())) {
      const cohort = this.cohort(role);
      cohort.close(number);
      folded.set(role, await cohort.fold(foldRequest(config, state(), role)));
    }
    return folded;
  }

  /** Those with which the round opened last: it may have been extended. */
  private goalsOf(number: number): FoldingRound['goals'] {
    const opened = this.record.ledger.findLast(
      ({ event }) => event.type === 'round-opened' && event.round === number,
    )?.event;
    return opened?.type === 'round-opened' ? opened.goals : {};
  }

  private compare(published: Published, folded: Folded): string | null {
    const { version } = published;
    const updates = Object.fromEntries([...folded].map(([role, fold]) => [role, fold.updates]));
    if (!isDeepStrictEqual(updates, published.updates))
      return `${JSON.stringify(updates)} updates instead of ${JSON.stringify(published.updates)}`;
    const folds = [...folded.values()];
    const changed: FoldedRole['segments'] = Object.assign({}, ...folds.map(({ segments }) => segments));
    const slots: Record<string, Slots> = Object.assign({}, ...folds.map(fold => fold.slots));
    const hashes = Object.entries(changed).map(([id, shards]) => [id, shards.map(({ sha256 }) => sha256)]);
    if (!isDeepStrictEqual(Object.fromEntries(hashes), published.segments))
      return 'the weights have other hashes';
    const next = Object.entries(changed).map(([id, shards]) => {
      const kept = Object.entries(slots[id] ?? {}).map(([name, refs]) => [name, [...refs]]);
      const segment = { version, shards: [...shards] };
      return [id, kept.length > 0 ? { ...segment, slots: Object.fromEntries(kept) } : segment];
    });
    this.manifest = { version, segments: { ...this.manifest.segments, ...Object.fromEntries(next) } };
    return null;
  }

  private cohort(role: Role): CohortMachine {
    const { config, blobs } = this.record;
    const ports = { log: new MemoryLog(), blobs, envelopes: memoryEnvelopes, sums: this.sums.of(role) };
    const cohort = this.cohorts.get(role) ?? new CohortMachine(config, role, ports);
    this.cohorts.set(role, cohort);
    return cohort;
  }
}
