import type { EventBody, LedgerEntry } from '../protocol/events.ts';
import type { Role } from '../protocol/identifiers.ts';
import { DifferenceFound } from './difference.ts';
import type { ReplayPorts } from './ports.ts';

type Entry<Type extends EventBody['type']> = Extract<EventBody, { type: Type }>;
export type LeaseEntry = Entry<'lease-granted'>;
export type UpdateEntry = Entry<'update-accepted'>;
export type VersionEntry = Entry<'version-published'>;

/** An accepted update as the ledger tells it. */
export interface ToldUpdate {
  readonly entry: UpdateEntry;
  /** Null if the ledger has no entry of its lease. */
  readonly lease: LeaseEntry | null;
  /** [CHECK9] It was accepted and is left out, since it was refused as harmful or nothing of its round was taken. */
  readonly isLeftOut: boolean;
}

/** What the ledger says of a round whose version is out. */
export interface ToldRound {
  readonly published: VersionEntry;
  /** In the order of the ledger, which is that of acceptance. None if the round was taken back ([BACK3]). */
  readonly updates: ReadonlyMap<Role, readonly ToldUpdate[]>;
}

/** The ledger, as far as it says what went into which version. */
export interface LedgerRecord {
  /** The first version of which the ledger has every entry: 1, unless older entries were swept. */
  readonly firstVersion: number;
  /** The newest version that it tells; 0 if there is none but the host's. */
  readonly lastVersion: number;
  /** How many entries this release cannot read, by their types. */
  readonly unknown: ReadonlyMap<string, number>;
  /** How many volunteers have joined; infinity if entries of older ones may be swept. */
  readonly joined: number;
  /** @throws DifferenceFound if the ledger does not tell of this version */
  round(version: number): ToldRound;
  /** When it came out, by the platform's clock. */
  publishedAt(version: number): number;
}

/**
 * Reads the ledger once. It keeps what concerns training: about 200 bytes for each lease.
 * @param late an update counts at most so many rounds after its lease's own
 * @throws DifferenceFound if an entry is missing within
 */
export async function readLedger(
  pages: ReturnType<ReplayPorts['ledger']>,
  late: number,
): Promise<LedgerRecord> {
  const record = new Record(late);
  for await (const { first, events } of pages) {
    record.first = Math.max(record.first, first);
    for (const event of events) record.add(event);
  }
  return record;
}

class Record implements LedgerRecord {
  /** From this entry on none is missing. Of older ones only those of versions are sure to be here. */
  first = 1;
  private readonly late: number;
  readonly unknown = new Map<string, number>();
  private last = 0;
  /** [CHECK7] The leases of updates that were refused as harmful. */
  private readonly harmful = new Set<string>();
  private joins = 0;
  private readonly leases = new Map<string, LeaseEntry>();
  private readonly versions = new Map<number, VersionEntry & { readonly seq: number; readonly at: number }>();
  private readonly updates = new Map<number, Map<Role, Map<string, UpdateEntry>>>();

  constructor(late: number) {
    this.late = late;
  }

  add({ seq, at, event }: LedgerEntry): void {
    const isNext = seq === this.last + 1 || (seq > this.last && seq <= this.first);
    if (!isNext) throw new DifferenceFound(gap(this.lastVersion + 1, this.last, seq));
    this.last = seq;
    if (event.type === 'unknown') this.unknown.set(event.was, (this.unknown.get(event.was) ?? 0) + 1);
    if (event.type === 'volunteer-joined') this.joins++;
    if (event.type === 'lease-granted' && event.role !== 'evaluator') this.leases.set(event.lease, event);
    if (event.type === 'version-published') this.versions.set(event.version, { ...event, seq, at });
    if (event.type === 'update-refused' && event.reason === 'harmful') this.harmful.add(event.lease);
    if (event.type === 'update-accepted' && event.role !== 'evaluator') this.addUpdate(event);
  }

  get lastVersion(): number {
    return Math.max(0, ...this.versions.keys());
  }

  get joined(): number {
    return this.first <= 1 ? this.joins : Number.POSITIVE_INFINITY;
  }

  get firstVersion(): number {
    if (this.first <= 1) return 1;
    const none = this.lastVersion + 1;
    // A round's entries come after the version before it is out, but for those of late updates and their leases.
    const whole = [...this.versions.values()].filter(({ seq }) => seq + 1 >= this.first);
    return Math.min(none, ...whole.map(({ version }) => version + 1 + this.late));
  }

  round(version: number): ToldRound {
    const published = this.versions.get(version);
    if (!published)
      throw new DifferenceFound({
        version,
        of: 'ledger',
        expected: 'an entry that the version is out',
        found: 'none',
        why: 'the ledger does not tell of this version, though it tells of later ones',
      });
    const updates = published.weightsOf === undefined ? this.updatesOf(published) : new Map();
    return { published, updates };
  }

  publishedAt(version: number): number {
    return this.versions.get(version)?.at ?? 0;
  }

  private addUpdate(entry: UpdateEntry): void {
    const round = this.updates.get(countedIn(entry)) ?? new Map<Role, Map<string, UpdateEntry>>();
    const ofRole = round.get(entry.role) ?? new Map<string, UpdateEntry>();
    // [REP2] A report that is told twice counts once.
    if (!ofRole.has(entry.lease)) ofRole.set(entry.lease, entry);
    this.updates.set(countedIn(entry), round.set(entry.role, ofRole));
  }

  private updatesOf({ round, taken }: VersionEntry): Map<Role, ToldUpdate[]> {
    const told = (entry: UpdateEntry): ToldUpdate => ({
      entry,
      lease: this.leases.get(entry.lease) ?? null,
      isLeftOut: taken === false || this.harmful.has(entry.lease),
    });
    const counted = [...(this.updates.get(round) ?? [])].map(
      ([role, ofRole]) =>
        [role, [...ofRole.values()].filter(entry => !this.isTakenBack(entry, round))] as const,
    );
    return new Map(
      counted.filter(([, entries]) => entries.length > 0).map(([role, entries]) => [role, entries.map(told)]),
    );
  }

  /** [BACK3] Whether the run was taken back between the round of the update's lease and the round that it was to count in. */
  private isTakenBack({ round: leased }: UpdateEntry, countsIn: number): boolean {
    for (let round = leased; round < countsIn; round++)
      if (this.versions.get(round)?.weightsOf !== undefined) return true;
    return false;
  }
}

/** The round that an update counts in. */
const countedIn = ({ round, countsIn = round }: UpdateEntry): number => countsIn;

const gap = (version: number, last: number, seq: number) => ({
  version,
  of: 'ledger' as const,
  expected: `entry ${last + 1}`,
  found: `entry ${seq}`,
  why: `the ledger goes from entry ${last} to entry ${seq}: entries were left out, or their order was changed`,
});
