const manners = ['Brave', 'Bright', 'Calm', 'Clever', 'Gentle', 'Keen', 'Lively', 'Merry', 'Quiet', 'Swift'];
const animals = ['Badger', 'Falcon', 'Fox', 'Heron', 'Lynx', 'Otter', 'Owl', 'Robin', 'Seal', 'Wren'];

const anyOf = (words: readonly string[]): string => words[Math.floor(Math.random() * words.length)] ?? '';

/** A name to start with, so that nobody has to think of one. It stays the same while the page is open. */
export const suggestedName = `${anyOf(manners)} ${anyOf(animals)}`;
