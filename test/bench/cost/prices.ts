import { MESSAGES_A_REQUEST, prices, type Units } from '../../../shared/cost/platform-prices.ts';
import type { Cost } from './cost.ts';

/** Rows that the free plan writes in a day. */
export const FREE_ROWS_A_DAY = prices.objectRowsWritten.free;

/** How much of everything that has a price was used. */
export const unitsOf = (cost: Cost, workerRequests: number): Units => ({
  objectRowsWritten: cost.rowsWritten + cost.alarms,
  objectRowsRead: cost.rowsRead,
  objectRequests: cost.requests + cost.messages / MESSAGES_A_REQUEST,
  r2ClassA: cost.r2ClassA,
  r2ClassB: cost.r2ClassB,
  d1RowsWritten: cost.d1RowsWritten,
  d1RowsRead: cost.d1RowsRead,
  workerRequests,
});
