import * as z from 'zod';
import type { MeasuredUpdate } from './aggregation-rule.ts';

/** Facts are read as whatever rule wrote them. */
const rootFactsSchema = z.object({ root: z.literal(true) });

/** [ROOT5] Whether it is a referee's own update: others are compared with it, and it counts as none itself. */
export const isRootUpdate = ({ facts }: Pick<MeasuredUpdate, 'facts'>): boolean =>
  rootFactsSchema.safeParse(facts).success;

/** Its place among a round's updates. The first one counts, if there are several. Null if there is none. */
export function rootPlace(updates: readonly Pick<MeasuredUpdate, 'facts'>[]): number | null {
  const place = updates.findIndex(isRootUpdate);
  return place < 0 ? null : place;
}
