import { isPassing, RefusedError } from '../../platform/call-platform.ts';
import type { KeptEntry } from './outbox-store.ts';

/** How many updates, and bytes of them, a device keeps. */
export interface OutboxLimits {
  readonly updates: number;
  readonly bytes: number;
}

/**
 * A volunteer has two at most that are undecided, and a device a few volunteers. The largest update is 100 MB. One that a
 * lossy codec makes brings its residual with it, which is up to eight times as long. If both are more than all that is
 * kept, the update is kept alone. What finds no room is sent from memory.
 */
export const outboxLimits: OutboxLimits = { updates: 16, bytes: 250_000_000 };

/**
 * What the reply to an update means for it. `again` if the platform is away or busy: it may be restarting. `barred` if
 * something on the way replied in its place, and said that the same call will not succeed later either.
 */
export type Answer = 'taken' | 'refused' | 'again' | 'barred';

/**
 * An update that was barred so often is set aside. The page of a guest network may bar it until its visitor has signed in,
 * which takes some attempts. But a proxy that takes no such body never lets it pass, and each attempt may be 100 MB.
 */
export const MOST_BARRED = 8;

/** @param error of the upload; null if there was none */
export function readAnswer(error: unknown): Answer {
  if (error === null) return 'taken';
  if (isPassing(error)) return 'again';
  if (!(error instanceof RefusedError) || !error.isPlatforms) return 'barred';
  // With a detail, it is another lease's update that counts already. Without, it is this very one, sent once before.
  return error.reason === 'duplicate' && error.detail === undefined ? 'taken' : 'refused';
}

/**
 * What has to go so that one more update can be kept: the oldest, for they are the likeliest to come too late.
 * @param kept all that is kept
 * @param free those of them that may go, since nobody is sending them
 * @returns null if there is no room, whatever goes
 */
export function makeRoom(
  kept: readonly KeptEntry[],
  free: readonly KeptEntry[],
  bytes: number,
  limits = outboxLimits,
): readonly string[] | null {
  const gone: string[] = [];
  let [count, sum] = [kept.length + 1, kept.reduce((total, entry) => total + entry.bytes, bytes)];
  for (const oldest of free.toSorted((a, b) => a.keptAt - b.keptAt)) {
    if (count <= limits.updates && sum <= limits.bytes) break;
    gone.push(oldest.name);
    count -= 1;
    sum -= oldest.bytes;
  }
  return count <= limits.updates && sum <= limits.bytes ? gone : null;
}

/** What keeps an update from being sent. */
export interface Unsent {
  /** Whether it is on this device's disk. Else it is only in memory, and `whyNot` says why. */
  readonly isKept: boolean;
  readonly whyNot: string | null;
  /** Of the last attempt. */
  readonly error: unknown;
}

function describeCause(error: unknown): string {
  if (!(error instanceof RefusedError)) return 'the platform does not answer';
  if (error.reason === 'busy') return 'the platform is too busy';
  return `something on the way replies in the place of the platform (status ${error.status})`;
}

/** In words for people. Null if nothing waits. */
export function describeUnsent(unsent: readonly Unsent[]): string | null {
  const [first] = unsent;
  if (!first) return null;
  const cause = describeCause(first.error);
  const many = unsent.length > 1;
  const inMemory = unsent.find(({ isKept }) => !isKept);
  const what = many ? `${unsent.length} updates` : 'the update';
  if (!inMemory) return `${cause}; ${what} ${many ? 'are' : 'is'} kept and will be sent`;
  const why = inMemory.whyNot === null ? '' : ` (${inMemory.whyNot})`;
  return `${cause}; ${what} cannot be kept on this device${why} and will be sent only while this goes on`;
}

/** In words for people, how many updates were set aside, and why the last of them. */
export function describeSetAside(count: number, error: unknown): string {
  const what = count > 1 ? `${count} updates are` : 'the update is';
  return `${describeCause(error)}; ${what} kept and will be sent the next time this starts`;
}
