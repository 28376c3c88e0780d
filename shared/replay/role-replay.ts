import { ruleOf } from '../aggregation/rules.ts';
import { maxEnvelopeBytes, openEnvelope } from '../codec/envelope.ts';
import { checkUpdate } from '../cohort/check-update.ts';
import { CohortMachine } from '../cohort/cohort-machine.ts';
import type { FoldLimits } from '../cohort/fold-limits.ts';
import { MemoryLog } from '../cohort/memory-log.ts';
import type { Blobs } from '../cohort/ports.ts';
import { taskOf } from '../cohort/trained-segments.ts';
import { claimsOf } from '../federation/lease/claims-of.ts';
import { acceptedEvent } from '../federation/record-report.ts';
import { sha256Hex } from '../math/sha256.ts';
import { trainedKey } from '../protocol/aggregation-spec.ts';
import type { FoldedRole, FoldRequest } from '../protocol/cohort-report.ts';
import { partExamples } from '../protocol/dataset.ts';
import { expectedTensors } from '../protocol/expected-tensors.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { LeaseClaims } from '../protocol/lease.ts';
import { describeRefusal } from '../protocol/refusals.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import { ArchivedEnvelopes } from './archived-envelopes.ts';
import { DamagedArchive, type Difference, DifferenceFound } from './difference.ts';
import type { LeaseEntry, ToldRound, ToldUpdate } from './ledger-record.ts';
import type { ReplayPorts } from './ports.ts';

/** [ROOT5] How many of them count as updates. */
const countOf = (told: readonly ToldUpdate[] = []): number => told.filter(({ entry }) => !entry.root).length;

/** By the segments that were trained, in how many rounds the rule saw them. */
type SeenRounds = ReadonlyMap<string, number>;

/** [CHECK9] The updates that are not left out. */
const countedIn = (updates: readonly ToldUpdate[] = []): readonly ToldUpdate[] =>
  updates.filter(({ isLeftOut }) => !isLeftOut);

/** Anything that is an id. No rule of acceptance or aggregation looks at a run's. */
const RUN = 'replay';

/**
 * Archives are read in order, so each group costs a way through them. [ROUND9] One cohort is given what the role's cohorts
 * took together.
 */
const LIMITS: FoldLimits = {
  groupBytes: 32_000_000,
  groupsAtOnce: 1,
  maxValues: Number.POSITIVE_INFINITY,
  maxReads: Number.POSITIVE_INFINITY,
  maxUpdates: Number.POSITIVE_INFINITY,
};

type RolePorts = Pick<ReplayPorts, 'config' | 'archives' | 'sums'> & { readonly blobs: Blobs };

/**
 * One role's cohort, run again: the real machine is given the archived envelopes with the leases of the ledger. So it
 * weighs, measures, sums and remembers as the Worker's did. If the role had several cohorts, their sums came to the same.
 */
export class RoleReplay {
  private readonly isFromStart: boolean;
  private readonly config: RunConfig;
  private readonly role: Role;
  private readonly envelopes: ArchivedEnvelopes;
  private readonly log = new MemoryLog();
  private readonly machine: CohortMachine;
  /** How many rounds of the same segments the rule has seen, up to now. */
  private seen: SeenRounds = new Map();
  /** The same after each round. */
  private readonly seenAfter = new Map<number, SeenRounds>();
  /** [STAND2] The seed of the sketches of the round that is replayed, as the ledger tells it. */
  private seed: { readonly round: number; readonly seed: string } | null = null;

  /** @param isFromStart whether it is given the run's first round, so that nothing before is missing */
  constructor(role: Role, { config, archives, sums, blobs }: RolePorts, isFromStart: boolean) {
    this.isFromStart = isFromStart;
    this.config = config;
    this.role = role;
    this.envelopes = new ArchivedEnvelopes(archives, role);
    const { log, envelopes } = this;
    const ports = { log, blobs, sums: sums(role), envelopes, seedOf: (round: number) => this.seedOf(round) };
    this.machine = new CohortMachine(config, role, ports, LIMITS);
  }

  /**
   * Whether the rule remembers before this round what it did then. If older entries of the ledger were swept, it takes
   * some rounds until it does.
   */
  remembersAll(round: number): boolean {
    const { memoryRounds } = ruleOf(this.config.spec);
    if (this.isFromStart) return true;
    return (this.seen.get(this.trains(round)) ?? 0) >= memoryRounds;
  }

  /** Remembers a round by what the ledger says of it, without its updates. */
  remember(told: ToldRound): void {
    const {
      published: { round },
      updates,
    } = told;
    this.begin(told);
    const rule = ruleOf(this.config.spec);
    for (const { entry } of countedIn(updates.get(this.role))) {
      const { norm, sha256, root } = entry;
      const facts = rule.measure({ norm, sha256, ...(root && { isRoot: true }) });
      // What they weighed is in the versions already.
      const unweighed = { countsIn: round, examples: 0, weight: 0, facts, place: { key: '' }, sketch: null };
      const { lease, volunteer, round: leased } = entry;
      this.log.keep({ lease, volunteer, round: leased, norm, ...unweighed });
    }
    this.machine.close(round);
    this.machine.remember(round);
    this.log.forget(round);
    this.count(round);
  }

  /** [BACK4] The rule remembers what it did after the round of this version. If that is not known, it is to learn anew. */
  takeBack(round: number, to: number): void {
    this.machine.takeBack(round, to);
    const known = [...this.seenAfter].filter(([number]) => number <= to).at(-1);
    this.seen = known?.[1] ?? new Map();
    this.seenAfter.set(round, this.seen);
  }

  /**
   * Takes the round's archived updates, and holds each to the ledger.
   * @param onUpdate after each of them
   * @throws DifferenceFound at the first that is not as the ledger says
   */
  async take(told: ToldRound, onUpdate: () => void): Promise<void> {
    const { version, round } = told.published;
    // Nothing of this role may have been folded in it.
    if (round > 1) this.machine.close(round - 1);
    this.begin(told);
    const seed = told.published.work?.[this.role]?.seed;
    this.seed = seed === undefined ? null : { round, seed };
    const waiting = new Map((told.updates.get(this.role) ?? []).map(one => [one.entry.sha256, one]));
    try {
      for await (const envelope of this.envelopes.of(round)) {
        const update = waiting.get(sha256Hex(envelope));
        if (!update) throw this.unknown(version, envelope, [...waiting.values()]);
        waiting.delete(update.entry.sha256);
        if (update.isLeftOut) continue;
        this.accept(version, update, envelope);
        if (!update.entry.root) onUpdate();
      }
    } catch (error) {
      if (error instanceof DamagedArchive) throw this.damaged(version, error, [...waiting.values()]);
      throw error;
    }
    const [missing] = waiting.values();
    if (missing) throw this.missing(version, missing);
    this.checkCount(told);
  }

  fold(request: FoldRequest): Promise<FoldedRole> {
    this.count(request.round);
    this.machine.close(request.round);
    return this.machine.fold(request);
  }

  private accept(version: number, { entry, lease }: ToldUpdate, envelope: Uint8Array): void {
    const claims = this.claims(version, entry.lease, lease);
    const place = { key: String(this.envelopes.number) };
    const check = () => checkUpdate(this.config, claims, envelope);
    const taken = this.machine.accept(claims, 0, check, envelope.length, place);
    const [posted] = this.log.outbox.splice(0);
    if (!taken.ok || !posted?.ok)
      throw this.differs(version, entry.lease, {
        of: 'update',
        expected: 'an update that is accepted',
        found: taken.ok ? 'none' : describeRefusal(taken),
        why: 'the ledger says that this update was accepted, but by the rules it is refused',
      });
    this.compare(version, entry.lease, acceptedEvent(this.role, posted), entry);
  }

  /** What the token said, by the ledger. */
  private claims(version: number, id: string, lease: LeaseEntry | null): LeaseClaims {
    if (!lease)
      throw this.differs(version, id, {
        of: 'ledger',
        expected: 'an entry of its lease',
        found: 'none',
        why: 'the ledger has an update of a lease that it does not know',
      });
    const { volunteer, round, parts, examples, root, share } = lease;
    const { spec, model } = this.config;
    const counted = parts.reduce((sum, part) => sum + partExamples(spec.dataset, 'train', part), 0);
    if (examples !== counted)
      throw this.differs(version, id, {
        of: 'ledger',
        expected: `${counted} examples`,
        found: `${examples} examples`,
        why: 'the lease’s parts do not have the examples by which its update was weighed',
      });
    const { trains = [], slices } = taskOf(this.config, round, lease.role) ?? {};
    const allowance = maxEnvelopeBytes(spec.codec, expectedTensors(model, trains, slices));
    const deadlineAt = Number.MAX_SAFE_INTEGER;
    const work = {
      ...{ id, volunteer, role: lease.role, round, parts, examples, deadlineAt },
      ...(root && { root }),
      ...(share !== undefined && { share }),
    };
    return claimsOf(RUN, { lease: work, task: { trains }, manifest: { version: round - 1 } }, allowance);
  }

  /** Holds what the ledger says to what the envelope says, field by field. */
  private compare(version: number, lease: string, expected: object, found: object): void {
    const told = new Map(Object.entries(found));
    for (const [field, value] of Object.entries(expected))
      if (told.get(field) !== value)
        throw this.differs(version, lease, {
          of: 'ledger',
          expected: `${field} ${value}`,
          found: `${field} ${told.get(field)}`,
          why: `the ledger’s entry of this update was changed: its ${field} is not that of the update`,
        });
  }

  private checkCount({ published: { version, updates }, updates: told }: ToldRound): void {
    const [expected, found] = [countOf(countedIn(told.get(this.role))), updates[this.role] ?? 0];
    if (expected !== found)
      throw new DifferenceFound({
        ...{ version, of: 'ledger', role: this.role },
        expected: `${expected} updates`,
        found: `${found} updates`,
        why: 'the entry of the version counts other updates than the ledger has: entries were added or left out',
      });
  }

  private unknown(version: number, envelope: Uint8Array, waiting: readonly ToldUpdate[]): DifferenceFound {
    const found = sha256Hex(envelope);
    const opened = openEnvelope(envelope);
    const number = this.envelopes.number + 1;
    // If it is whole, it says itself whose it is. If not, it is the next one that the ledger expects.
    const meant = opened.ok ? waiting.find(({ entry }) => entry.lease === opened.value.lease) : waiting.at(0);
    const lease = opened.ok ? opened.value.lease : meant?.entry.lease;
    return new DifferenceFound({
      ...{ version, of: 'update', role: this.role, ...(lease === undefined ? {} : { lease }) },
      expected: meant?.entry.sha256 ?? 'no more updates',
      found,
      why: opened.ok
        ? meant
          ? 'this update is whole, but the ledger has another hash of it: one of the two was changed'
          : 'the archive has an update that the ledger did not accept for this version'
        : `update ${number} of the archive was changed: it does not have the hash that it was sent with`,
    });
  }

  private damaged(version: number, { message }: Error, waiting: readonly ToldUpdate[]): DifferenceFound {
    const lease = waiting.at(0)?.entry.lease;
    return new DifferenceFound({
      ...{ version, of: 'update', role: this.role, ...(lease === undefined ? {} : { lease }) },
      expected: waiting.at(0)?.entry.sha256 ?? 'no more updates',
      found: message,
      why: `the archive was changed or cut off at update ${this.envelopes.number + 1}`,
    });
  }

  private missing(version: number, { entry }: ToldUpdate): DifferenceFound {
    return this.differs(version, entry.lease, {
      of: 'update',
      expected: entry.sha256,
      found: 'none',
      why: 'the ledger says that this update was accepted, but the archive lacks it',
    });
  }

  private differs(
    version: number,
    lease: string,
    difference: Pick<Difference, 'of' | 'expected' | 'found' | 'why'>,
  ): DifferenceFound {
    return new DifferenceFound({ version, role: this.role, lease, ...difference });
  }

  private seedOf(round: number): string | null {
    return this.seed?.round === round ? this.seed.seed : null;
  }

  private trains(round: number): string {
    return trainedKey(taskOf(this.config, round, this.role)?.trains ?? []);
  }

  private count(round: number): void {
    const trains = this.trains(round);
    // A rule without a scale remembers rounds in a row only.
    const isNew = !ruleOf(this.config.spec).scale && !this.seen.has(trains);
    const rounds = (this.seen.get(trains) ?? 0) + 1;
    this.seen = new Map([...(isNew ? [] : this.seen), [trains, rounds]]);
    this.seenAfter.set(round, this.seen);
  }

  /** Before the rule remembers enough, its scale is taken from the ledger: it reaches further back than the entries. */
  private begin({ published: { round, aggregation }, updates }: ToldRound): void {
    const isCounted = countOf(countedIn(updates.get(this.role))) > 0;
    if (aggregation && isCounted && !this.remembersAll(round))
      this.machine.begin(round, aggregation[this.role]?.scale ?? null);
  }
}
