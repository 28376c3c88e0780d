import type { RunListing } from '../../shared/protocol/run-list.ts';
import { inTime } from '../in-time.ts';
import { listRun } from '../storage/directory.ts';

/** To write a line takes some milliseconds. If it takes longer than this, it is written once more. */
const LONGEST_WRITE_MS = 10_000;

/** People come and go all the time, and each line costs. */
const HERE_EVERY_MS = 15_000;

/** So often it says once more that somebody is here: sooner than readers take it for a run that failed. */
const STILL_HERE_MS = 300_000;

/** A run's line, as of a ledger entry. */
interface Line {
  readonly listing: RunListing;
  readonly seq: number;
  readonly writtenAt: number;
}

/**
 * Writes a run's line of the directory. Each write stands alone and waits for no other one: a call that is cut off must
 * not hold up those of others. The directory keeps the newest line, in whatever order they arrive.
 */
export class DirectoryWriter {
  private readonly database: D1Database;
  /** The newest line that could not be written. */
  private unwritten: Line | null = null;
  private writtenAt = 0;
  /** What the last line said of how many are here. Null if none was written since the object woke. */
  private written: { readonly here: number | null; readonly at: number } | null = null;

  constructor(database: D1Database) {
    this.database = database;
  }

  /** Whether a line could not be written. It waits for the next change or for `retry`. */
  get isBehind(): boolean {
    return this.unwritten !== null;
  }

  /**
   * When the line is to be written again since others came or left, or to say that they are still here. Infinity if it says
   * what is so.
   * @param here null if it is not known
   */
  hereDueAt(here: number | null, now: number): number {
    const { written } = this;
    if (here === null) return Number.POSITIVE_INFINITY;
    // The object may sleep before the next line is due, and wakes to nobody who tells that the last one has left.
    if (here === 0 && written?.here !== 0) return now;
    if (written?.here !== here) return Math.max(now, (written?.at ?? 0) + HERE_EVERY_MS);
    return here > 0 ? written.at + STILL_HERE_MS : Number.POSITIVE_INFINITY;
  }

  /** Never rejects. The directory is a convenience: the coordinator has the truth about a run. */
  async write(listing: RunListing, seq: number, now: number): Promise<void> {
    // Two lines of one millisecond have an order too.
    const writtenAt = Math.max(now, this.writtenAt + 1);
    this.written = { here: listing.here, at: now };
    this.writtenAt = writtenAt;
    try {
      await inTime(listRun(this.database, listing, seq, writtenAt), LONGEST_WRITE_MS);
      if (this.unwritten && this.unwritten.writtenAt <= writtenAt) this.unwritten = null;
    } catch (error) {
      console.error('the directory was not written', error);
      if (!this.unwritten || this.unwritten.seq <= seq) this.unwritten = { listing, seq, writtenAt };
    }
  }

  async retry(): Promise<void> {
    const { unwritten } = this;
    if (unwritten) await this.write(unwritten.listing, unwritten.seq, unwritten.writtenAt);
  }
}
