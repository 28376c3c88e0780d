import { signal } from '@preact/signals';
import * as z from 'zod/mini';
import { readStored, removeStored, writeStored } from './local-store.ts';

const keyOf = (run: string): string => `homeroom:host-key:${run}`;

/** Counts changes, so that a component that read a key renders again. */
const changes = signal(0);

/** The host key of a run. Null if this browser does not hold it. */
export function hostKeyOf(run: string): string | null {
  changes.value;
  return readStored(localStorage, keyOf(run), z.string().check(z.minLength(1)));
}

export function keepHostKey(run: string, hostKey: string): void {
  writeStored(localStorage, keyOf(run), hostKey);
  changes.value++;
}

export function forgetHostKey(run: string): void {
  removeStored(localStorage, keyOf(run));
  changes.value++;
}
