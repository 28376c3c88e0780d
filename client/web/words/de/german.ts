import type { Translation } from '../translation.ts';
import { home } from './home.ts';
import { shell } from './shell.ts';

/** Everything in German. */
export const german: Translation = { home, shell };
