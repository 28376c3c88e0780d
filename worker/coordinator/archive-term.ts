import type { ArchiveTerm as ToldTerm } from '../../shared/protocol/archive-term.ts';
import type { Env } from '../env.ts';
import { deleteArchived } from '../storage/archives.ts';
import type { Bucket } from '../storage/bucket.ts';
import { bucketInTime } from '../storage/bucket-in-time.ts';
import { ItemTable } from './store/item-table.ts';

const DAY_MS = 86_400_000;

/** A turn leaves the object to others for so long. */
const BETWEEN_TURNS_MS = 1_000;

const TERM = 'archive term';

interface StoredTerm {
  readonly endsAt: number;
  readonly isGone?: true;
}

/** What the updates of a run's rounds lie in, and what folds that were given up have left. */
const foldersOf = (run: string): readonly string[] =>
  ['archive', 'envelopes', 'sums'].map(kind => `${kind}/${run}/`);

/** After how many days the updates of a run that has ended go. Null if they are kept for good. */
export function archiveDays({ ARCHIVE_DAYS }: Pick<Env, 'ARCHIVE_DAYS'>): number | null {
  const days = Number(ARCHIVE_DAYS);
  return Number.isFinite(days) && days > 0 ? days : null;
}

/**
 * [SWEEP5] For how long the updates of a run's rounds are kept once it has ended, so that anybody can recompute them. The
 * term begins when this object first sees the end. The run's own alarm ends it: rules of R2's own would not know of the run,
 * and a deployment without R2 has none.
 */
export class ArchiveTerm {
  private readonly items: ItemTable;
  private readonly days: number | null;
  private term: StoredTerm | null;
  private restsUntil = 0;

  constructor(sql: SqlStorage, env: Pick<Env, 'ARCHIVE_DAYS'>) {
    this.items = new ItemTable(sql);
    this.days = archiveDays(env);
    this.term = this.items.get<StoredTerm>(TERM);
  }

  /** What everybody is told. Null if the updates are kept for good. */
  get told(): ToldTerm | null {
    if (this.term?.isGone) return { isGone: true };
    if (this.term) return { until: this.term.endsAt };
    return this.days === null ? null : { days: this.days };
  }

  /** When something is due. @param isOver whether the run has ended */
  dueAt(isOver: boolean, now: number): number {
    if (!isOver || this.term?.isGone) return Number.POSITIVE_INFINITY;
    if (!this.term) return this.days === null ? Number.POSITIVE_INFINITY : now;
    return Math.max(this.term.endsAt, this.restsUntil);
  }

  /** From now on, or from the end of the term, for as many days more. */
  extend(now: number): void {
    if (this.term?.isGone || this.days === null) return;
    this.put({ endsAt: Math.max(now, this.term?.endsAt ?? now) + this.days * DAY_MS });
  }

  /** The host wants them to go now. */
  end(now: number): void {
    if (!this.term?.isGone) this.put({ endsAt: now });
  }

  /** One page of what lies there, which can be repeated. */
  async turn(bucket: Bucket, run: string, now: number): Promise<void> {
    if (!this.term) return this.extend(now);
    this.restsUntil = now + BETWEEN_TURNS_MS;
    for (const prefix of foldersOf(run)) {
      const { objects } = await bucketInTime(bucket.list({ prefix }));
      if (objects.length === 0) continue;
      await deleteArchived(
        bucket,
        objects.map(({ key }) => key),
      );
      return;
    }
    // The host may have extended it meanwhile.
    if (this.term.endsAt <= now) this.put({ ...this.term, isGone: true });
  }

  private put(term: StoredTerm): void {
    this.items.put(TERM, '', term);
    this.term = term;
  }
}
