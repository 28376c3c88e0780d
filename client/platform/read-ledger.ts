import type { LedgerEntry } from '../../shared/protocol/events.ts';
import type { HomeroomClient } from './homeroom-client.ts';

export interface WholeLedger {
  readonly entries: readonly LedgerEntry[];
  /** From this entry on none is missing. Of older ones some are left, if the run sweeps. */
  readonly first: number;
}

interface ReadOptions {
  readonly signal?: AbortSignal;
  /** @param last number of the newest entry there is */
  readonly onProgress?: (read: number, last: number) => void;
}

/** Reads a run's ledger page by page, up to what was its newest entry at the beginning. */
export async function readLedger(
  client: HomeroomClient,
  run: string,
  { signal, onProgress = () => {} }: ReadOptions = {},
): Promise<WholeLedger> {
  let page = await client.ledger(run, 0, signal);
  const { first, last } = page;
  const entries: LedgerEntry[] = [];
  while (page.events.length > 0) {
    for (const entry of page.events) if (entry.seq <= last) entries.push(entry);
    const read = page.events.at(-1)?.seq ?? last;
    onProgress(Math.min(read, last), last);
    if (read >= last) break;
    page = await client.ledger(run, read, signal);
  }
  return { entries, first };
}
