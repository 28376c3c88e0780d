import * as z from 'zod';
import { defaultWorkLimits, type WorkLimits } from '../../volunteer/work-limits.ts';
import { readStored, writeStored } from '../state/local-store.ts';

/** The setting is for the device, so all runs share it. */
const KEY = 'homeroom:work-limits';

/** Minutes: a week, for no timer waits longer than 24 days. Or MB: more than any network has. */
export const MOST_OF_EITHER = 10_000;

const figure = z.number().int().min(1).max(MOST_OF_EITHER);
const limitsSchema = z.object({ minutes: figure, downloadMB: figure });

/** What one task may ask of this device, as its owner has said, or as is usual. */
export const agreedLimits = (): WorkLimits =>
  readStored(localStorage, KEY, limitsSchema) ?? defaultWorkLimits;

/** Figures that are none leave the setting as it was. */
export function agreeToLimits(limits: WorkLimits): void {
  const { data } = limitsSchema.safeParse(limits);
  if (data) writeStored(localStorage, KEY, data);
}
