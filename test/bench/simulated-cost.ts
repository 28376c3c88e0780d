import type { Demand } from '../simulate/crowd/tally.ts';
import { dollars, objectHourUSD, type Priced } from './cost/prices.ts';

/** What a run used of everything that has a price, beside the time of its objects. */
export type Used = Record<Exclude<Priced, 'objectGBSeconds'>, number>;

/**
 * Rows that one call of a kind writes and reads, set alarms included. `npm run bench:cost` counts them on local workerd.
 * A report is counted with its answer. A fold is one role's.
 */
const ROWS = {
  join: { written: 5, read: 3 },
  poll: { written: 2, read: 2 },
  grant: { written: 6, read: 4 },
  update: { written: 11, read: 41.5 },
  refusal: { written: 11, read: 10 },
  release: { written: 7, read: 4 },
  /** For each update in it. */
  folded: { written: 3, read: 14.5 },
  version: { written: 16, read: 17 },
  alarm: { written: 2, read: 2 },
} as const;

/** A coordinator and the cohorts of its roles, the evaluators' included. Awake all the time, the most they can cost. */
const OBJECTS = 4;
const COHORTS = OBJECTS - 1;

/** Shards of a version for each million parameters in f32. */
const SHARDS_A_MILLION = 4;

/** Rows of the directory that a version writes. */
const LISTED_ROWS = 1.5;

/** What a run used, by what was asked of the platform. */
export function usedBy(demand: Demand, parameters: number): Used {
  const { joins, polls, grants, answers, refusals, releases, sockets, downloads, versions, alarms } = demand;
  const shards = Math.max(1, Math.ceil((SHARDS_A_MILLION * parameters) / 1e6));
  const calls = joins + polls + grants + answers + refusals + releases + sockets;
  const counts = { join: joins, poll: polls, grant: grants, update: answers, refusal: refusals };
  const rows = rowsOf({ ...counts, release: releases, folded: answers, version: versions, alarm: alarms });
  return {
    workerRequests: calls + downloads * shards,
    // A report to the coordinator comes with an update, and a call to fold with a role's version.
    objectRequests: calls + answers + alarms + COHORTS * versions,
    objectRowsWritten: rows.written,
    objectRowsRead: rows.read,
    r2ClassA: versions * (shards + COHORTS) + demand.largeUpdates,
    r2ClassB: downloads * shards + versions * shards + demand.largeUpdates,
    d1RowsWritten: LISTED_ROWS * versions,
    d1RowsRead: LISTED_ROWS * versions,
  };
}

type Kind = keyof typeof ROWS;

function rowsOf(counts: Readonly<Record<Kind, number>>): { readonly written: number; readonly read: number } {
  const kinds = Object.keys(counts) as Kind[];
  const sum = (rows: 'written' | 'read'): number =>
    kinds.reduce((total, kind) => total + counts[kind] * ROWS[kind][rows], 0);
  return { written: sum('written'), read: sum('read') };
}

export const costOf = (used: Used, virtualSeconds: number): number =>
  dollars(used) + (virtualSeconds / 3_600) * OBJECTS * objectHourUSD;

/** Rows written, and reads and writes of R2. */
export const storageOpsOf = ({ objectRowsWritten, d1RowsWritten, r2ClassA, r2ClassB }: Used): number =>
  Math.round(objectRowsWritten + d1RowsWritten + r2ClassA + r2ClassB);
