import { cohortsOf, countCohorts } from '../protocol/cohorts.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { Difference } from './difference.ts';
import type { LedgerRecord } from './ledger-record.ts';
import type { Archives, ReplayPorts } from './ports.ts';

/** A round is archived within this after its version is out. */
const ARCHIVE_GRACE_MS = 60_000;

/**
 * Archives of a run that may go on. A cohort archives its rounds in their order. So a round was whole as it was read, if
 * the next one was there before. That is asked before, because the cohort may archive both meanwhile.
 */
export class YoungArchives implements Archives {
  private readonly ports: ReplayPorts;
  private readonly ledger: LedgerRecord;
  private readonly now: number;
  /** Young rounds that may not have been whole as they were read, by role. */
  private readonly unsure = new Map<Role, Set<number>>();

  /** @param now if it is left out, no round is young */
  constructor(ports: ReplayPorts, ledger: LedgerRecord, now = Number.POSITIVE_INFINITY) {
    this.ports = ports;
    this.ledger = ledger;
    this.now = now;
  }

  has(role: Role, round: number): Promise<boolean> {
    return this.ports.archives.has(role, round);
  }

  async *envelopes(role: Role, round: number): AsyncIterable<Uint8Array> {
    if (this.isYoung(round) && !(await this.isNextThere(role, round))) this.note(role, round);
    yield* this.ports.archives.envelopes(role, round);
  }

  /** Whether an update is missing that may only be late. Of several cohorts one may be late, and another not. */
  isUnarchived({ of, found, role, version }: Difference): boolean {
    if (of !== 'update' || found !== 'none' || role === undefined || !this.isYoung(version)) return false;
    return this.hasSeveralCohorts || this.unsure.get(role)?.has(version) === true;
  }

  /** If nobody can say, it may not be. Whoever reads the next round hears why. */
  private isNextThere(role: Role, round: number): Promise<boolean> {
    return this.has(role, round + 1).catch(() => false);
  }

  private get hasSeveralCohorts(): boolean {
    return countCohorts(cohortsOf(this.ports.config.spec), this.ledger.joined) > 1;
  }

  private isYoung(round: number): boolean {
    return this.now < this.ledger.publishedAt(round) + ARCHIVE_GRACE_MS;
  }

  private note(role: Role, round: number): void {
    this.unsure.set(role, (this.unsure.get(role) ?? new Set()).add(round));
  }
}
