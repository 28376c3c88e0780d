import * as z from 'zod';
import { readStored, removeStored, writeStored } from '../state/local-store.ts';
import { type FormValues, formValuesSchema } from './form-values.ts';

const KEY = 'homeroom:new-run-draft';

const draftSchema = z.object({
  values: formValuesSchema,
  /** The run whose settings were taken over. Null if there was none. */
  from: z.string().nullable(),
  /** Whether files of a network of one's own were chosen. They are not kept. */
  hadFiles: z.boolean(),
});
export type Draft = z.infer<typeof draftSchema>;

/** What was typed in this browser before, and did not become a run. */
export const readDraft = (): Draft | null => readStored(localStorage, KEY, draftSchema);

/** A key is not kept: whoever opens this browser next may not know it. */
export function keepDraft({ values, ...draft }: Draft): void {
  const { deploymentKey: _, ...kept }: FormValues = values;
  writeStored(localStorage, KEY, { ...draft, values: kept });
}

export const forgetDraft = (): void => removeStored(localStorage, KEY);
