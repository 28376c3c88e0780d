import { newRun } from './en/new-run.ts';
import { inLanguage } from './language.ts';

/** What the form for a new run says, and what is said while a run is made. */
export const newRunWords = inLanguage('newRun', newRun);
