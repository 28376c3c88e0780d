import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { kinds } from './cost.ts';
import { type CountedActs, lonelyActs } from './count-acts.ts';
import type { Counted } from './count-run.ts';

/** A conventional run of 30 volunteers on local workerd, of whom nobody is lost. */
export const ROWS = new URL('../results/cost-after.jsonl', import.meta.url);
/** What happens alone, on local workerd. */
export const ACTS = new URL('../results/cost-acts.jsonl', import.meta.url);
/** What follows from both. */
export const MEASURED = new URL('../../../shared/cost/measured-acts.json', import.meta.url);

const count = z.number().min(0);
const costSchema = z.object({
  ...{ calls: count, rowsWritten: count, rowsRead: count, alarms: count, requests: count },
  ...{ messages: count, workerRequests: count },
  ...{ r2ClassA: count, r2ClassB: count, d1RowsWritten: count, d1RowsRead: count },
});
const rowSchema = costSchema.extend({
  kind: z.enum(kinds),
  ...{ volunteers: count, rounds: count, polls: count, answers: count },
});
const actSchema = costSchema.extend({ act: z.enum(lonelyActs), times: count });

const linesOf = (file: URL): unknown[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));

/** What `npm run bench:cost` counted, as it is kept. The simulator reckons with it, so both have one table. */
export function measuredCosts(): Counted {
  const rows = linesOf(ROWS).map(line => rowSchema.parse(line));
  const [first] = rows;
  if (!first) throw new Error(`${ROWS.pathname} has no rows`);
  const { volunteers, rounds, polls, answers } = first;
  const costs = Object.fromEntries(rows.map(({ kind, ...cost }) => [kind, cost]));
  return { volunteers, rounds, polls, answers, costs };
}

export function measuredAlone(): CountedActs {
  const rows = linesOf(ACTS).map(line => actSchema.parse(line));
  return Object.fromEntries(rows.map(({ act, ...cost }) => [act, cost])) as unknown as CountedActs;
}
