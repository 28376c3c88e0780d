import { signal } from '@preact/signals';
import * as z from 'zod/mini';
import { parseRunLink } from '../../../shared/protocol/paths.ts';
import { hostKeyOf } from './host-keys.ts';
import { offerHostKey } from './host-link.ts';
import { readStored, removeStored, writeStored } from './local-store.ts';

const keyOf = (run: string): string => `homeroom:referee-key:${run}`;

/** A link's key, while this browser has another one. */
const offeredOf = (run: string): string => `homeroom:offered-referee-key:${run}`;

const keySchema = z.string().check(z.minLength(1));

/** Counts changes, so that a component that read a key renders again. */
const changes = signal(0);

/** By which this browser joins a run as referee: the host key, or one that the host gave away. Null if it has neither. */
export function judgingKeyOf(run: string): string | null {
  changes.value;
  return hostKeyOf(run) ?? readStored(localStorage, keyOf(run), keySchema);
}

/** The key of a link that was opened here, if it is another one than this browser's. Null if there is none. */
export function offeredKeyOf(run: string): string | null {
  changes.value;
  return readStored(sessionStorage, offeredOf(run), keySchema);
}

/** Takes the offered key in place of the one at hand, or lets it go. */
export function answerOffer(run: string, isTaken: boolean): void {
  const offered = offeredKeyOf(run);
  if (isTaken && offered !== null) writeStored(localStorage, keyOf(run), offered);
  removeStored(sessionStorage, offeredOf(run));
  changes.value++;
}

/**
 * Takes a referee's key, or the host's, out of the address into this browser's memory. So it stands in no history, no
 * bookmark and no picture of the screen. Anybody can write a link, with a key that is none. So a referee's key does not
 * replace one that is here: the page asks. A host's key is kept once the platform says that it is right.
 */
export function takeKeyFromAddress(): void {
  const link = parseRunLink(location.href);
  if (link?.hostKey !== undefined) offerHostKey(link.run, link.hostKey);
  if (link?.key !== undefined) takeRefereeKey(link.run, link.key);
  if (link?.hostKey !== undefined || link?.key !== undefined) dropKeysFromAddress();
}

function takeRefereeKey(run: string, key: string): void {
  const kept = readStored(localStorage, keyOf(run), keySchema);
  if (kept === null) writeStored(localStorage, keyOf(run), key);
  else if (kept !== key) writeStored(sessionStorage, offeredOf(run), key);
  changes.value++;
}

function dropKeysFromAddress(): void {
  const [path = '', query = ''] = location.hash.split('?');
  const rest = query.split('&').filter(pair => !/^(key|host)=/.test(pair));
  history.replaceState(null, '', rest.length > 0 ? `${path}?${rest.join('&')}` : path);
}
