import { data } from './en/data.ts';
import { inLanguage } from './language.ts';

/** What the page for bringing data says. */
export const dataWords = inLanguage('data', data);
