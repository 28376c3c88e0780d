import { signal } from '@preact/signals';
import * as z from 'zod/mini';
import { parseRunLink } from '../../../shared/protocol/paths.ts';
import { hostKeyOf } from './host-keys.ts';
import { offerHostKey, refuseHostLink } from './host-link.ts';
import { readStored, removeStored, writeStored } from './local-store.ts';

const keyOf = (run: string): string => `homeroom:referee-key:${run}`;

/** A link's key, while this browser has another one. */
const offeredOf = (run: string): string => `homeroom:offered-referee-key:${run}`;

const keySchema = z.string().check(z.minLength(1));

/** Runs whose platform did not take the referee's key that was shown, or whose link brought one that is none. */
const wrong = signal<ReadonlySet<string>>(new Set());

/** Counts changes, so that a component that read a key renders again. */
const changes = signal(0);

/** By which this browser joins a run as referee: the host key, or one that the host gave away. Null if it has neither. */
export function judgingKeyOf(run: string): string | null {
  changes.value;
  return hostKeyOf(run) ?? readStored(localStorage, keyOf(run), keySchema);
}

/** Whether this browser judges by a referee's key, and is not the host's. */
export const hasRefereeKey = (run: string): boolean => hostKeyOf(run) === null && judgingKeyOf(run) !== null;

/** Whether the last referee's key that was tried here was none. */
export const isRefereeKeyWrong = (run: string): boolean => wrong.value.has(run);

/** Somebody would rather take part as an ordinary volunteer. */
export function forgetRefereeKey(run: string): void {
  removeStored(localStorage, keyOf(run));
  noteWrong(run, false);
}

/** The platform does not take this browser's key of a referee. It is forgotten, so that nothing is tried with it again. */
export function dropRefereeKey(run: string): void {
  forgetRefereeKey(run);
  noteWrong(run, true);
}

function noteWrong(run: string, isWrong: boolean): void {
  const others = [...wrong.value].filter(other => other !== run);
  wrong.value = new Set(isWrong ? [...others, run] : others);
  changes.value++;
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
  if (!link) return;
  const { run, key, hostKey, brokenKey } = link;
  if (hostKey !== undefined) offerHostKey(run, hostKey);
  if (key !== undefined) takeRefereeKey(run, key);
  if (brokenKey === 'host') refuseHostLink(run);
  if (brokenKey === 'key') noteWrong(run, true);
  if ((hostKey ?? key ?? brokenKey) !== undefined) dropKeysFromAddress();
}

function takeRefereeKey(run: string, key: string): void {
  noteWrong(run, false);
  const kept = readStored(localStorage, keyOf(run), keySchema);
  if (kept === null) writeStored(localStorage, keyOf(run), key);
  else if (kept !== key) writeStored(sessionStorage, offeredOf(run), key);
}

function dropKeysFromAddress(): void {
  const [path = '', query = ''] = location.hash.split('?');
  const rest = query.split('&').filter(pair => !/^(key|host)=/.test(pair));
  history.replaceState(null, '', rest.length > 0 ? `${path}?${rest.join('&')}` : path);
}
