import { signal } from '@preact/signals';
import * as z from 'zod/mini';
import { createKey } from '../../platform/create-key.ts';
import { readStored, removeStored, writeStored } from './local-store.ts';

const keyOf = (name: string): string => `homeroom:data-key:${name}`;

/** Counts changes, so that a component that read a key renders again. */
const changes = signal(0);

/** The key by which a data set can be deleted. Null if this browser did not upload it. */
export function dataKeyOf(name: string): string | null {
  changes.value;
  return readStored(localStorage, keyOf(name), z.string().check(z.regex(/^[0-9a-f]{64}$/)));
}

/**
 * The key for an upload of this name. It is kept before anything is sent: if the last reply is lost, the next upload shows the
 * same key.
 */
export function keepDataKey(name: string): string {
  const key = dataKeyOf(name) ?? createKey();
  writeStored(localStorage, keyOf(name), key);
  changes.value++;
  return key;
}

export function forgetDataKey(name: string): void {
  removeStored(localStorage, keyOf(name));
  changes.value++;
}
