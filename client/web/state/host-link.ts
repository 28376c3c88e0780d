import { signal } from '@preact/signals';
import * as z from 'zod/mini';
import { hostKeyOf, keepHostKey } from './host-keys.ts';
import { readStored, removeStored, writeStored } from './local-store.ts';

/**
 * What became of the host key in a link that was opened here. It is kept only if the platform says that it is the host's: anybody
 * can write a link, with a key that is none. `unreached`: the platform did not say. It is asked again when the page is loaded anew.
 */
export type HostLink = 'none' | 'checking' | 'taken' | 'wrong' | 'unreached';

const offeredOf = (run: string): string => `homeroom:offered-host-key:${run}`;

const found = signal<Readonly<Record<string, HostLink>>>({});

export const hostLink = (run: string): HostLink => found.value[run] ?? 'none';

export function dismissHostLink(run: string): void {
  removeStored(sessionStorage, offeredOf(run));
  note(run, 'none');
}

/** The key waits here until it is checked, since the address must lose it at once. */
export const offerHostKey = (run: string, key: string): void =>
  writeStored(sessionStorage, offeredOf(run), key);

/** What stands in the link for a host key is none. */
export const refuseHostLink = (run: string): void => note(run, 'wrong');

/** Has the key of a link checked, if one waits. */
export async function settleHostLink(run: string): Promise<void> {
  const key = readStored(sessionStorage, offeredOf(run), z.string().check(z.minLength(1)));
  if (key === null || hostLink(run) === 'checking') return;
  if (key === hostKeyOf(run)) return dismissHostLink(run);
  note(run, 'checking');
  try {
    // The first page needs no host.
    const { checkHostKey } = await import('./check-host-key.ts');
    const isRight = (await checkHostKey(run, key)) !== 'wrong';
    if (isRight) keepHostKey(run, key);
    removeStored(sessionStorage, offeredOf(run));
    note(run, isRight ? 'taken' : 'wrong');
  } catch {
    note(run, 'unreached');
  }
}

const note = (run: string, link: HostLink): void => {
  found.value = { ...found.value, [run]: link };
};
