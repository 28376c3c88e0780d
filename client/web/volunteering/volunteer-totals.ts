import * as z from 'zod';
import type { VolunteerStatus } from '../../volunteer/volunteer-status.ts';

/** What a volunteer of this browser added before the page was loaded. */
export const totalsSchema = z.object({
  contributions: z.number().int().min(0),
  bytesUp: z.number().min(0),
  bytesDown: z.number().min(0),
});
export type VolunteerTotals = Readonly<z.infer<typeof totalsSchema>>;

export const noTotals: VolunteerTotals = { contributions: 0, bytesUp: 0, bytesDown: 0 };

/** With what it has added since. */
export const totalsWith = (
  before: VolunteerTotals,
  { contributions, bytesUp, bytesDown }: VolunteerStatus,
): VolunteerTotals => ({
  contributions: before.contributions + contributions,
  bytesUp: before.bytesUp + bytesUp,
  bytesDown: before.bytesDown + bytesDown,
});
