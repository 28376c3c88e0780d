import * as z from 'zod';
import type { Region } from '../shared/protocol/region.ts';

/**
 * Where objects are made. The platform makes an object near its first caller, or in the region that its first call
 * names, and it stays there. The cohorts of a run are called first by whoever uploads first. So a run keeps the region of
 * its host, and all of its objects are made there. Most volunteers are in the same part of the world.
 */

/** What Cloudflare tells of a caller: a continent, a country, degrees as text. Nothing on a laptop. */
const callerSchema = z.object({
  continent: z.string().optional(),
  country: z.string().optional(),
  longitude: z.string().optional(),
});

/** Countries that Cloudflare counts to Asia or Africa and that lie nearer to its places of the Middle East. */
const middleEast = new Set('AE BH EG IL IQ IR JO KW LB OM PS QA SA SY TR YE'.split(' '));

/** Degrees east at which a continent is cut in two: the Great Plains, and the Oder. */
const CUT = { NA: -100, EU: 15 } as const;

/**
 * @param cf what the platform tells of a request
 * @returns null if nothing is known of the caller. Then the platform chooses
 */
export function locationNear(cf: unknown): Region | null {
  const { continent, country = '', longitude } = callerSchema.safeParse(cf).data ?? {};
  if (middleEast.has(country)) return 'me';
  const degrees = longitude === undefined ? Number.NaN : Number(longitude);
  switch (continent) {
    case 'NA':
      return degrees < CUT.NA ? 'wnam' : 'enam';
    case 'EU':
      return degrees > CUT.EU ? 'eeur' : 'weur';
    case 'SA':
      return 'sam';
    case 'AS':
      return 'apac';
    case 'OC':
      return 'oc';
    case 'AF':
      return 'afr';
    default:
      return null;
  }
}

/** The option with which an object is asked for. */
export const near = (location: Region | null | undefined): { locationHint: Region } | undefined =>
  location ? { locationHint: location } : undefined;
