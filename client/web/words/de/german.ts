import type { Translation } from '../translation.ts';
import { data } from './data.ts';
import type { germanFirst } from './german-first.ts';
import { newRun } from './new-run.ts';
import { person } from './person.tsx';
import { volunteer } from './volunteer.tsx';

/** Everything else in German: what no first page says. */
export const german: Omit<Translation, keyof typeof germanFirst> = { data, newRun, person, volunteer };
