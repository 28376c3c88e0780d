import * as z from 'zod';
import { idSchema } from '../../../shared/protocol/identifiers.ts';
import { passRequestSchema, runInfoSchema } from '../../../shared/protocol/messages.ts';
import { PERSON_PAGE } from '../../../shared/protocol/paths.ts';
import { readStored, removeStored, writeStored } from './local-store.ts';

/**
 * [CROWD8] What a run's page and the page of the check say to each other. The run's page is isolated from windows that it
 * opens, so nothing but the address and this browser's memory is common to both.
 */

const askedSchema = z.object({
  run: idSchema,
  /** Names the wish to join, and with it the tab that waits. */
  nonce: passRequestSchema.shape.nonce,
  siteKey: runInfoSchema.shape.checksWith.unwrap().min(1),
});
/** What a tab asks a person for. */
export type AskedPass = z.infer<typeof askedSchema>;

/** It stands behind the `#`, which browsers send to nobody. */
export const personHref = (asked: AskedPass): string => `${PERSON_PAGE}#${new URLSearchParams(asked)}`;

/** Null if the page was not opened by a run's page. */
export const readAsked = (hash: string): AskedPass | null =>
  askedSchema.safeParse(Object.fromEntries(new URLSearchParams(hash.replace(/^#/, '')))).data ?? null;

const keptSchema = z.object({ nonce: z.string(), pass: z.string() });

const keyOf = (run: string): string => `homeroom:pass:${run}`;

/** Other tabs hear of it by the event `storage`. */
export const keepPass = (run: string, kept: z.infer<typeof keptSchema>): void =>
  writeStored(localStorage, keyOf(run), kept);

/** Null if there is none for this wish. */
export function keptPass(run: string, nonce: string): string | null {
  const kept = readStored(localStorage, keyOf(run), keptSchema);
  return kept?.nonce === nonce ? kept.pass : null;
}

/** That of another tab stays. */
export function forgetPass(run: string, nonce: string): void {
  if (keptPass(run, nonce) !== null) removeStored(localStorage, keyOf(run));
}
