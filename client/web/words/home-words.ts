import { home } from './en/home.ts';
import { inLanguage } from './language.ts';

/** What the start page says. */
export const homeWords = inLanguage('home', home);
