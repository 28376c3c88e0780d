import type { Translation } from '../translation.ts';
import { home } from './home.ts';
import { newRun } from './new-run.ts';
import { shell } from './shell.ts';
import { volunteer } from './volunteer.tsx';

/** Everything in German. */
export const german: Translation = { home, newRun, shell, volunteer };
