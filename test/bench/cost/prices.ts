import type { Cost } from './cost.ts';

/** US dollars a million, beyond what the paid plan includes. A line cites the page that it was read on. */
interface Price {
  readonly perMillion: number;
  readonly page: string;
}

/** The day on which all pages were read. */
export const pricesReadOn = '2026-11-27';

const objects = 'https://developers.cloudflare.com/durable-objects/platform/pricing/';
const r2 = 'https://developers.cloudflare.com/r2/pricing/';
const d1 = 'https://developers.cloudflare.com/d1/platform/pricing/';
const workers = 'https://developers.cloudflare.com/workers/platform/pricing/';

export const prices = {
  /** "Deletes are counted as rows written", and so is each `setAlarm()`. */
  objectRowsWritten: { perMillion: 1, page: objects },
  objectRowsRead: { perMillion: 0.001, page: objects },
  /** Calls, sockets, alarms. Of a socket's incoming messages twenty count as one. */
  objectRequests: { perMillion: 0.15, page: objects },
  /** An object that is awake is billed for 128 MB, whatever it uses. */
  objectGBSeconds: { perMillion: 12.5, page: objects },
  r2ClassA: { perMillion: 4.5, page: r2 },
  r2ClassB: { perMillion: 0.36, page: r2 },
  d1RowsWritten: { perMillion: 1, page: d1 },
  d1RowsRead: { perMillion: 0.001, page: d1 },
  workerRequests: { perMillion: 0.3, page: workers },
} as const satisfies Record<string, Price>;
export type Priced = keyof typeof prices;

/** Rows that the free plan writes in a day. */
export const FREE_ROWS_A_DAY = 100_000;

/** What an hour of one awake object costs. */
export const objectHourUSD = (0.128 * 3_600 * prices.objectGBSeconds.perMillion) / 1e6;

/** How much of everything that has a price was used. */
export const unitsOf = (
  cost: Cost,
  workerRequests: number,
): Record<Exclude<Priced, 'objectGBSeconds'>, number> => ({
  objectRowsWritten: cost.rowsWritten + cost.alarms,
  objectRowsRead: cost.rowsRead,
  objectRequests: cost.requests,
  r2ClassA: cost.r2ClassA,
  r2ClassB: cost.r2ClassB,
  d1RowsWritten: cost.d1RowsWritten,
  d1RowsRead: cost.d1RowsRead,
  workerRequests,
});

export const dollars = (units: Readonly<Record<Exclude<Priced, 'objectGBSeconds'>, number>>): number =>
  (Object.keys(units) as (keyof typeof units)[]).reduce(
    (sum, name) => sum + (units[name] * prices[name].perMillion) / 1e6,
    0,
  );
