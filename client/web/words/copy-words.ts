import { copy } from './en/copy.ts';
import { inLanguage } from './language.ts';

/** What a text to take along says. */
export const copyWords = inLanguage('copy', copy);
