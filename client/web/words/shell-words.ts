import { shell } from './en/shell.ts';
import { inLanguage } from './language.ts';

/** What every page shows: its head, its foot, and what is said while a page loads. */
export const shellWords = inLanguage('shell', shell);
