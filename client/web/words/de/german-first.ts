import type { Translation } from '../translation.ts';
import { abilities } from './abilities.ts';
import { home } from './home.ts';
import { shell } from './shell.ts';

/** What the first page says, and every other page too. */
export const germanFirst = { shell, home, abilities } satisfies Partial<Translation>;
