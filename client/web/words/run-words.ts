import { run } from './en/run.ts';
import { inLanguage } from './language.ts';

/** What the page of a run says. */
export const runWords = inLanguage('run', run);
