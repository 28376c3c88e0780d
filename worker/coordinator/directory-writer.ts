import type { RunListing } from '../../shared/protocol/messages.ts';
import { inTime } from '../in-time.ts';
import { listRun } from '../storage/directory.ts';

/** To write a line takes some milliseconds. If it takes longer than this, it is written once more. */
const LONGEST_WRITE_MS = 10_000;

/** A run's line, as of a ledger entry. */
interface Line {
  readonly listing: RunListing;
  readonly seq: number;
}

/**
 * Writes a run's line of the directory. Each write stands alone and waits for no other one: a call that is cut off must
 * not hold up those of others. The directory keeps the newest line, in whatever order they arrive.
 */
export class DirectoryWriter {
  private readonly database: D1Database;
  /** The newest line that could not be written. */
  private unwritten: Line | null = null;

  constructor(database: D1Database) {
    this.database = database;
  }

  /** Whether a line could not be written. It waits for the next change or for `retry`. */
  get isBehind(): boolean {
    return this.unwritten !== null;
  }

  /** Never rejects. The directory is a convenience: the coordinator has the truth about a run. */
  async write(listing: RunListing, seq: number): Promise<void> {
    try {
      await inTime(listRun(this.database, listing, seq), LONGEST_WRITE_MS);
      if (this.unwritten && this.unwritten.seq <= seq) this.unwritten = null;
    } catch (error) {
      console.error('the directory was not written', error);
      if (!this.unwritten || this.unwritten.seq < seq) this.unwritten = { listing, seq };
    }
  }

  async retry(): Promise<void> {
    if (this.unwritten) await this.write(this.unwritten.listing, this.unwritten.seq);
  }
}
