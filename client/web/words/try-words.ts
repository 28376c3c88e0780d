import { tryIt } from './en/try.ts';
import { inLanguage } from './language.ts';

/** What is said where people try, test and take away a network. */
export const tryWords = inLanguage('tryIt', tryIt);
