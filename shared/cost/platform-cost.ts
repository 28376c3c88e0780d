import type { ModelOutline } from '../protocol/model-outline.ts';
import type { RunSpec } from '../protocol/run-spec.ts';
import { crowdUse } from './crowd-use.ts';
import { dollars, PAID_PLAN_USD_A_MONTH, prices, R2_GB_MONTH_USD } from './platform-prices.ts';
import { type RunSize, runSize } from './run-size.ts';

/** On paper a round takes a minute. */
export const ASSUMED_ROUND_S = 60;

/** In US dollars, beyond what the plan includes. */
export interface PlatformCost {
  readonly volunteers: number;
  readonly hours: number;
  /** Requests, rows, and calls of R2 and D1. */
  readonly callsUSD: number;
  /** Coordinator, cohorts and relays, awake for the whole run: the most they can cost. */
  readonly objectsUSD: number;
  /** The whole run: the two above. */
  readonly runUSD: number;
  /** What is kept at the end, for each month that it is kept. */
  readonly keptGB: number;
  readonly keptUSDAMonth: number;
  /** The plan itself, if the free limits of a day do not do. */
  readonly planUSDAMonth: number;
}

/**
 * What a run costs on Cloudflare's published prices if each of so many volunteers returns an update in every round. It is
 * reckoned from what was counted on local workerd, and no bill has confirmed it.
 */
export function platformCost(size: RunSize, volunteers: number): PlatformCost {
  const { rounds } = size;
  const hours = (rounds * ASSUMED_ROUND_S) / 3_600;
  const {
    objectGBSeconds,
    objectGB: _,
    r2GB,
    ...units
  } = crowdUse(size, {
    ...{ volunteers, rounds, roundSeconds: ASSUMED_ROUND_S, updatesPerRound: volunteers },
    ...{ spectators: 0, hasR2: true },
  });
  const [callsUSD, objectsUSD] = [
    dollars(units),
    (objectGBSeconds * prices.objectGBSeconds.perMillion) / 1e6,
  ];
  return {
    ...{ volunteers, hours, callsUSD, objectsUSD, runUSD: callsUSD + objectsUSD },
    ...{ keptGB: r2GB, keptUSDAMonth: r2GB * R2_GB_MONTH_USD, planUSDAMonth: PAID_PLAN_USD_A_MONTH },
  };
}

/** Ten friends, a large school, and the crowd of a public project. */
export const CROWDS = [10, 1_000, 100_000] as const;

/** The cost at ten, a thousand and a hundred thousand volunteers. */
export const costTable = (spec: RunSpec, outline: ModelOutline): PlatformCost[] =>
  CROWDS.map(volunteers => platformCost(runSize(spec, outline), volunteers));
