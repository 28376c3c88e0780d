import type { Manners } from './manners.ts';

/** What a browser tells of the device at this moment. What it does not tell is taken for the harmless case. */
export interface DeviceMoment {
  readonly isOnBattery: boolean;
  readonly isMetered: boolean;
  readonly isHidden: boolean;
  /** Of the day, by the device's clock. */
  readonly hour: number;
}

export type RestReason = 'battery' | 'metered' | 'hidden' | 'hours';

/**
 * Why the device is to rest now. Null if it may work.
 * @param overridden reasons that the user has set aside until they are gone
 */
export function whyResting(
  manners: Manners,
  moment: DeviceMoment,
  overridden: ReadonlySet<RestReason> = new Set(),
): RestReason | null {
  const isSo: Readonly<Record<RestReason, boolean>> = {
    battery: moment.isOnBattery && !manners.onBattery,
    metered: moment.isMetered && !manners.onMetered,
    hidden: moment.isHidden && !manners.whenHidden,
    hours: manners.hours !== null && !isWithin(manners.hours, moment.hour),
  };
  return restReasons.find(reason => isSo[reason] && !overridden.has(reason)) ?? null;
}

/** The most pressing one is the first. */
export const restReasons: readonly RestReason[] = ['battery', 'metered', 'hours', 'hidden'];

/** From 22 to 6 is a night. The same hour twice is the whole day. */
function isWithin({ from, to }: NonNullable<Manners['hours']>, hour: number): boolean {
  if (from === to) return true;
  return from < to ? hour >= from && hour < to : hour >= from || hour < to;
}
