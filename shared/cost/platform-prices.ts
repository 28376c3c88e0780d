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

/** How much of everything that has a price, but for the time of objects, was used. */
export type Units = Readonly<Record<Exclude<Priced, 'objectGBSeconds'>, number>>;

/** What an hour of one awake object costs. */
export const objectHourUSD = (0.128 * 3_600 * prices.objectGBSeconds.perMillion) / 1e6;

/** What a month of one GB in R2 costs. What is downloaded from there costs nothing. */
export const R2_GB_MONTH_USD = 0.015;

/** What the plan costs that a month of more than the free limits needs. It includes some of each. */
export const PAID_PLAN_USD_A_MONTH = 5;

export const dollars = (units: Units): number =>
  (Object.keys(units) as (keyof Units)[]).reduce(
    (sum, name) => sum + (units[name] * prices[name].perMillion) / 1e6,
    0,
  );
