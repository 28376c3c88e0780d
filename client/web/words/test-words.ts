import { testHere } from './en/test.ts';
import { inLanguage } from './language.ts';

/** What is said where people test a version on their own device. */
export const testWords = inLanguage('testHere', testHere);
