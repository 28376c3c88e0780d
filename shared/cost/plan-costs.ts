import type { Use } from './crowd-use.ts';
import { PAID_PLAN_USD_A_MONTH, type Priced, prices, type Stored, storagePrices } from './platform-prices.ts';

export type Billed = Priced | Stored;

/** One thing that is billed. */
export interface CostLine {
  readonly name: Billed;
  /** In a day of use, in a month of such days, or at the end of that month: as the free plan counts it. */
  readonly used: number;
  readonly freePer: 'day' | 'month' | 'stored';
  readonly free: number;
  /** 1 if the free plan is used up. */
  readonly share: number;
  /** For a month on the paid plan, beyond what it includes. */
  readonly paidUSD: number;
}

/** What days of the same use cost on either plan. */
export interface PlanCosts {
  readonly lines: readonly CostLine[];
  /** What is used up first, or would be. */
  readonly first: CostLine;
  /** Whether nothing of the free plan is used up. */
  readonly fits: boolean;
  /** So many minutes of a day go by until something is used up. Infinity if nothing is. */
  readonly lastsMinutes: number;
  /** The paid plan with all that it does not include. */
  readonly paidUSDAMonth: number;
}

/**
 * @param use of one day
 * @param minutes that the use of a day takes. It is taken to be even
 * @param days of a month. What is stored on each is kept until the month's end
 */
export function planCosts(use: Use, minutes: number, days: number): PlanCosts {
  const lines = [
    ...(Object.keys(prices) as Priced[]).map(name => lineOf(name, use[name], days)),
    ...(Object.keys(storagePrices) as Stored[]).map(name => storedLine(name, use[name] * days)),
  ];
  const first = lines.reduce((most, line) => (line.share > most.share ? line : most));
  const daily = Math.max(...lines.map(({ freePer, share }) => (freePer === 'day' ? share : 0)));
  return {
    ...{ lines, first, fits: first.share <= 1 },
    lastsMinutes: daily > 1 ? minutes / daily : Number.POSITIVE_INFINITY,
    paidUSDAMonth: PAID_PLAN_USD_A_MONTH + lines.reduce((sum, { paidUSD }) => sum + paidUSD, 0),
  };
}

function lineOf(name: Priced, usedADay: number, days: number): CostLine {
  const { free, freePer, included, perMillion } = prices[name];
  const used = freePer === 'day' ? usedADay : usedADay * days;
  const millions = Math.max(0, usedADay * days - included) / 1e6;
  const isRoundedUp = 'isRoundedUp' in prices[name];
  return {
    ...{ name, used, freePer, free, share: used / free },
    paidUSD: perMillion * (isRoundedUp ? Math.ceil(millions) : millions),
  };
}

function storedLine(name: Stored, used: number): CostLine {
  const { free, perGB } = storagePrices[name];
  const over = Math.max(0, used - free);
  const isRoundedUp = 'isRoundedUp' in storagePrices[name];
  return {
    ...{ name, used, free, share: used / free },
    freePer: 'stored',
    paidUSD: perGB * (isRoundedUp ? Math.ceil(over) : over),
  };
}
