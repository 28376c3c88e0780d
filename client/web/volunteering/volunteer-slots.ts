import * as z from 'zod/mini';
import { readStored } from '../state/local-store.ts';

/** The most tabs that can volunteer in one run at a time. More tabs would share a slot and end each other's leases. */
export const SLOTS = 8;

export const slotKey = (run: string, slot: number): string => `homeroom:volunteer:${run}:${slot}`;

const activeSchema = z.object({ wasActive: z.boolean() });

/** Whether some tab of this browser was at work in the run when it was closed. Most likely it was this one. */
export function wasAtWork(run: string): boolean {
  try {
    const slots = Array.from({ length: SLOTS }, (_, slot) => slotKey(run, slot));
    return slots.some(key => readStored(localStorage, key, activeSchema)?.wasActive);
  } catch {
    // If storage is forbidden, even naming it throws.
    return false;
  }
}
