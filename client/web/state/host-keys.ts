import { signal } from '@preact/signals';
import * as z from 'zod/mini';
import { isStored, readStored, removeStored, writeStored } from './local-store.ts';

const keyOf = (run: string): string => `homeroom:host-key:${run}`;

/** Counts changes, so that a component that read a key renders again. */
const changes = signal(0);

/** Keys that could not be kept, because storage is full or forbidden. They last as long as the page. */
const unkept = new Map<string, string>();

/** The host key of a run. Null if this browser does not hold it. */
export function hostKeyOf(run: string): string | null {
  changes.value;
  return unkept.get(run) ?? readStored(localStorage, keyOf(run), z.string().check(z.minLength(1)));
}

/** Whether the key is still there after the page is closed. */
export function isHostKeyKept(run: string): boolean {
  changes.value;
  return !unkept.has(run) && isStored(localStorage, keyOf(run));
}

export function keepHostKey(run: string, hostKey: string): void {
  writeStored(localStorage, keyOf(run), hostKey);
  if (readStored(localStorage, keyOf(run), z.string()) === hostKey) unkept.delete(run);
  else unkept.set(run, hostKey);
  changes.value++;
}

export function forgetHostKey(run: string): void {
  removeStored(localStorage, keyOf(run));
  unkept.delete(run);
  changes.value++;
}
