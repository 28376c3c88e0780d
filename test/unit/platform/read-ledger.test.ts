import { expect, it } from 'vitest';
import { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { readLedger } from '../../../client/platform/read-ledger.ts';
import type { ReadPage } from '../../../shared/protocol/events.ts';

const LAST = 5;

/** Answers two entries at a time, of a ledger that grows while it is read. */
class PagedClient extends HomeroomClient {
  readonly asked: number[] = [];
  override ledger = async (_run: string, after: number): Promise<ReadPage> => {
    this.asked.push(after);
    const events = [1, 2].map(i => ({ seq: after + i, at: 0, event: { type: 'run-opened' } as const }));
    return { events, last: LAST + this.asked.length - 1, first: 1 };
  };
}

it('reads a ledger to what was its last entry at the beginning, page by page, and says how far it is', async () => {
  const client = new PagedClient('http://nowhere.invalid');
  const told: (readonly number[])[] = [];
  const { entries } = await readLedger(client, 'abc123', {
    onProgress: (read, last) => told.push([read, last]),
  });
  expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  expect(client.asked).toEqual([0, 2, 4]);
  expect(told).toEqual([
    [2, 5],
    [4, 5],
    [5, 5],
  ]);
});
