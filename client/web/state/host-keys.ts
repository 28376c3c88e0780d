import { signal } from '@preact/signals';
import * as z from 'zod';
import { RefusedError } from '../../platform/call-platform.ts';
import { RunHost } from '../../platform/run-host.ts';
import { readStored, removeStored, writeStored } from './local-store.ts';
import { platformClient } from './platform-client.ts';

const keyOf = (run: string): string => `homeroom:host-key:${run}`;

/** Counts changes, so that a component that read a key renders again. */
const changes = signal(0);

/** The host key of a run. Null if this browser does not hold it. */
export function hostKeyOf(run: string): string | null {
  changes.value;
  return readStored(localStorage, keyOf(run), z.string().min(1));
}

export function keepHostKey(run: string, hostKey: string): void {
  writeStored(localStorage, keyOf(run), hostKey);
  changes.value++;
}

export function forgetHostKey(run: string): void {
  removeStored(localStorage, keyOf(run));
  changes.value++;
}

/**
 * Whether a key is the host's, as the platform says.
 * @throws UnreachableError, or what else the platform says of the run
 */
export async function checkHostKey(run: string, key: string): Promise<'host' | 'owner' | 'wrong'> {
  try {
    return (await new RunHost(platformClient, run, key).about()).caller;
  } catch (error) {
    if (error instanceof RefusedError && error.isPlatforms && error.reason === 'forbidden') return 'wrong';
    throw error;
  }
}
