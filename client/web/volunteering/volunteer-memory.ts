import * as z from 'zod';
import { readStored, writeStored } from '../state/local-store.ts';
import { SLOTS, slotKey } from './volunteer-slots.ts';
import { totalsSchema } from './volunteer-totals.ts';

const backendSchema = z.enum(['auto', 'webgpu', 'wasm', 'cpu']);

/** What this browser remembers of its volunteering in one run. */
const memorySchema = z.object({
  name: z.string(),
  backend: backendSchema,
  identity: z
    .object({ volunteer: z.string(), token: z.string(), index: z.number().int().optional() })
    .nullable(),
  /** [CROWD8] By which it wants to join, until it has, if the platform checks people. A pass is of this wish. */
  nonce: z.string().optional(),
  /** Whether it was at work when the page was closed. If so, it goes on by itself. */
  wasActive: z.boolean(),
  /** Whether somebody has stopped it here. Then no link starts it again. */
  wasStopped: z.boolean().optional(),
  /** Whether the host has put out whoever this was. Then nobody goes on under this name. */
  wasRemoved: z.boolean().optional(),
  /** Whether somebody has paused it. If so, it goes on paused. */
  isPaused: z.boolean().optional(),
  /** What it has added in all. */
  totals: totalsSchema.optional(),
});
export type VolunteerMemory = z.infer<typeof memorySchema>;

export const readBackend = (text: string | null): VolunteerMemory['backend'] =>
  backendSchema.safeParse(text).data ?? 'auto';

/** A reloaded page asks for its lock before the page that it replaces has let it go, so it waits for so long. */
const RELOAD_MS = 1_500;

/** One tab's place in the memory of a run. */
export interface VolunteerSlot {
  read(): VolunteerMemory | null;
  write(memory: VolunteerMemory): void;
}

/**
 * Each tab is a volunteer of its own. It holds the lock of one slot while the page is open. So a reloaded page gets the
 * same slot again, and a second tab takes the next one. On a page without locks (http from another device) the slot is in
 * the tab's own storage, which survives a reload but not a closed tab.
 */
export async function claimSlot(run: string): Promise<VolunteerSlot> {
  if (!navigator.locks) return slotIn(sessionStorage, slotKey(run, 0));
  const mine = readStored(sessionStorage, slotKey(run, -1), z.number().int());
  if (mine !== null && (await holdLock(slotKey(run, mine), AbortSignal.timeout(RELOAD_MS))))
    return slotIn(localStorage, slotKey(run, mine));
  for (const slot of inOrder(run)) {
    if (!(await holdLock(slotKey(run, slot)))) continue;
    writeStored(sessionStorage, slotKey(run, -1), slot);
    return slotIn(localStorage, slotKey(run, slot));
  }
  return slotIn(sessionStorage, slotKey(run, SLOTS));
}

/** Slots that were at work come first, so that a browser that is opened again goes on with them. */
function inOrder(run: string): number[] {
  const rank = (slot: number): number => {
    const memory = readStored(localStorage, slotKey(run, slot), memorySchema);
    return memory?.wasActive ? 0 : memory?.identity ? 1 : 2;
  };
  return Array.from({ length: SLOTS }, (_, slot) => slot).sort((a, b) => rank(a) - rank(b));
}

/** Locks that this page holds. Asking again for one of them would wait for ever. */
const held = new Set<string>();

function holdLock(name: string, signal?: AbortSignal): Promise<boolean> {
  if (held.has(name)) return Promise.resolve(true);
  return new Promise(resolve => {
    const hold = (lock: Lock | null): Promise<void> | undefined => {
      resolve(lock !== null);
      if (!lock) return undefined;
      held.add(name);
      // The lock is held until the page is closed.
      return new Promise(() => {});
    };
    const asked = signal
      ? navigator.locks.request(name, { signal }, hold)
      : navigator.locks.request(name, { ifAvailable: true }, hold);
    asked.catch(() => resolve(false));
  });
}

const slotIn = (storage: Storage, key: string): VolunteerSlot => ({
  read: () => readStored(storage, key, memorySchema),
  write: memory => writeStored(storage, key, memory),
});
