/** What is billed by how often it happens. A line cites the page that it was read on. */
interface Price {
  /** US dollars a million, beyond what the paid plan includes. */
  readonly perMillion: number;
  /** What the free plan allows. Beyond it, calls of this kind fail until the next day, or until the paid plan. */
  readonly free: number;
  readonly freePer: 'day' | 'month';
  /** What the paid plan includes a month. */
  readonly included: number;
  /** Each million that is begun is billed. */
  readonly isRoundedUp?: true;
  readonly page: string;
}

/** The day on which all pages were read. */
export const pricesReadOn = '2026-11-27';

const objects = 'https://developers.cloudflare.com/durable-objects/platform/pricing/';
const r2 = 'https://developers.cloudflare.com/r2/pricing/';
const d1 = 'https://developers.cloudflare.com/d1/platform/pricing/';
const workers = 'https://developers.cloudflare.com/workers/platform/pricing/';

const perDay = { freePer: 'day' } as const;
const perMonth = { freePer: 'month', isRoundedUp: true } as const;

export const prices = {
  /** Files of pages are no requests. A response that a cache has may be one: the pages do not say. */
  workerRequests: { perMillion: 0.3, free: 100_000, ...perDay, included: 10e6, page: workers },
  /** Calls, sockets, alarms. Of a socket's incoming messages twenty count as one. */
  objectRequests: { perMillion: 0.15, free: 100_000, ...perDay, included: 1e6, page: objects },
  /** An object that is awake is billed for 128 MB, whatever it uses. */
  objectGBSeconds: { perMillion: 12.5, free: 13_000, ...perDay, included: 400_000, page: objects },
  /** "Deletes are counted as rows written", and so is each `setAlarm()`. */
  objectRowsWritten: { perMillion: 1, free: 100_000, ...perDay, included: 50e6, page: objects },
  objectRowsRead: { perMillion: 0.001, free: 5e6, ...perDay, included: 25e9, page: objects },
  d1RowsWritten: { perMillion: 1, free: 100_000, ...perDay, included: 50e6, page: d1 },
  d1RowsRead: { perMillion: 0.001, free: 5e6, ...perDay, included: 25e9, page: d1 },
  r2ClassA: { perMillion: 4.5, free: 1e6, ...perMonth, included: 1e6, page: r2 },
  r2ClassB: { perMillion: 0.36, free: 10e6, ...perMonth, included: 10e6, page: r2 },
} as const satisfies Record<string, Price>;
export type Priced = keyof typeof prices;

/** What is billed by how many GB lie there, on average over a month. */
interface StoragePrice {
  /** US dollars for a GB in a month, beyond what is included. */
  readonly perGB: number;
  /** GB that the free plan allows, and that the paid plan includes. */
  readonly free: number;
  readonly isRoundedUp?: true;
  readonly page: string;
}

export const storagePrices = {
  objectGB: { perGB: 0.2, free: 5, page: objects },
  r2GB: { perGB: 0.015, free: 10, isRoundedUp: true, page: r2 },
} as const satisfies Record<string, StoragePrice>;
export type Stored = keyof typeof storagePrices;

/** Incoming messages of a socket that are billed as one request. */
export const MESSAGES_A_REQUEST = 20;

/** What an object is billed for while it is awake. */
export const OBJECT_GB = 0.128;

/** How much of everything that has a price, but for the time of objects, was used. */
export type Units = Readonly<Record<Exclude<Priced, 'objectGBSeconds'>, number>>;

/** What an hour of one awake object costs. */
export const objectHourUSD = (OBJECT_GB * 3_600 * prices.objectGBSeconds.perMillion) / 1e6;

/** What a month of one GB in R2 costs. What is downloaded from there costs nothing. */
export const R2_GB_MONTH_USD = storagePrices.r2GB.perGB;

/** What the plan costs that a month of more than the free limits needs. It includes some of each. */
export const PAID_PLAN_USD_A_MONTH = 5;

export const dollars = (units: Units): number =>
  (Object.keys(units) as (keyof Units)[]).reduce(
    (sum, name) => sum + (units[name] * prices[name].perMillion) / 1e6,
    0,
  );
