import { cutText } from '../../../shared/protocol/cut-text.ts';
import { MAX_VOLUNTEER_NAME } from '../../../shared/protocol/messages.ts';

const manners = ['Brave', 'Bright', 'Calm', 'Clever', 'Gentle', 'Keen', 'Lively', 'Merry', 'Quiet', 'Swift'];
const animals = ['Badger', 'Falcon', 'Fox', 'Heron', 'Lynx', 'Otter', 'Owl', 'Robin', 'Seal', 'Wren'];

const anyOf = (words: readonly string[]): string => words[Math.floor(Math.random() * words.length)] ?? '';

/** A name to start with, so that nobody has to think of one. It stays the same while the page is open. */
export const suggestedName = `${anyOf(manners)} ${anyOf(animals)}`;

/** For whoever was put out under the first one. */
const otherName = `${anyOf(manners)} ${anyOf(animals.filter(animal => !suggestedName.endsWith(animal)))}`;

/** The name that the link asks for, else the one of before, else a suggested one. */
export const nameFor = (query: URLSearchParams, before: string | undefined): string =>
  cutText(query.get('name') ?? before ?? suggestedName, MAX_VOLUNTEER_NAME);

/** For whoever may not come back under the name of before: another one, even if the link asks for that. */
export function nameOtherThan(before: string | undefined, query: URLSearchParams): string {
  const asked = nameFor(query, undefined);
  if (asked !== before) return asked;
  return suggestedName === before ? otherName : suggestedName;
}
