import * as z from 'zod';
import { defaultWorkLimits, type WorkLimits } from '../../volunteer/work-limits.ts';
import { readStored, writeStored } from '../state/local-store.ts';

/** The setting is for the device, so all runs share it. */
const KEY = 'homeroom:work-limits';

/** A week. No timer waits longer than 24 days. */
export const MOST_MINUTES = 10_000;
export const MOST_DOWNLOAD_MB = 1_000_000;

const limitsSchema = z.object({
  minutes: z.number().int().min(1).max(MOST_MINUTES),
  downloadMB: z.number().int().min(1).max(MOST_DOWNLOAD_MB),
});

/** What one task may ask of this device, as its owner has said, or as is usual. */
export const agreedLimits = (): WorkLimits =>
  readStored(localStorage, KEY, limitsSchema) ?? defaultWorkLimits;

/** Figures that are none leave the setting as it was. */
export function agreeToLimits(limits: WorkLimits): void {
  const { data } = limitsSchema.safeParse(limits);
  if (data) writeStored(localStorage, KEY, data);
}
