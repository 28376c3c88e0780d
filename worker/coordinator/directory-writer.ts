import type { RunListing } from '../../shared/protocol/messages.ts';
import { listRun } from '../storage/directory.ts';

/**
 * Writes a run's line of the directory. It does one write after the other, always of the newest line, so that an
 * older one never lands last. A line that could not be written waits for the next change or for `retry`.
 */
export class DirectoryWriter {
  private readonly database: D1Database;
  private newest: RunListing | null = null;
  private writing: Promise<void> | null = null;

  constructor(database: D1Database) {
    this.database = database;
  }

  /** Whether a line could not be written and no write is under way. */
  get isBehind(): boolean {
    return this.newest !== null && this.writing === null;
  }

  /** Never rejects. The directory is a convenience: the coordinator has the truth about a run. */
  write(listing: RunListing): Promise<void> {
    this.newest = listing;
    return this.retry();
  }

  retry(): Promise<void> {
    if (!this.newest) return Promise.resolve();
    this.writing ??= this.writeAll().finally(() => {
      this.writing = null;
    });
    return this.writing;
  }

  private async writeAll(): Promise<void> {
    try {
      for (let listing = this.newest; listing; listing = this.newest) {
        await listRun(this.database, listing);
        if (this.newest === listing) this.newest = null;
      }
    } catch (error) {
      console.error('the directory was not written', error);
    }
  }
}
