import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { kinds } from './cost.ts';
import type { Counted } from './count-run.ts';

/** A conventional run of 30 volunteers on local workerd, of whom nobody is lost. */
const ROWS = new URL('../results/cost-after.jsonl', import.meta.url);

const count = z.number().min(0);
const rowSchema = z.object({
  kind: z.enum(kinds),
  ...{ volunteers: count, rounds: count, polls: count, answers: count },
  ...{ calls: count, rowsWritten: count, rowsRead: count, alarms: count, requests: count },
  ...{ r2ClassA: count, r2ClassB: count, d1RowsWritten: count, d1RowsRead: count },
});

/** What `npm run bench:cost` counted, as it is kept. The simulator reckons with it, so both have one table. */
export function measuredCosts(): Counted {
  const lines = readFileSync(ROWS, 'utf8').trim().split('\n');
  const rows = lines.map(line => rowSchema.parse(JSON.parse(line)));
  const [first] = rows;
  if (!first) throw new Error(`${ROWS.pathname} has no rows`);
  const { volunteers, rounds, polls, answers } = first;
  const costs = Object.fromEntries(rows.map(({ kind, ...cost }) => [kind, cost]));
  return { volunteers, rounds, polls, answers, costs };
}
