import type { Translation } from '../translation.ts';
import { data } from './data.ts';
import { networks } from './networks.ts';
import { newRun } from './new-run.ts';
import { person } from './person.tsx';
import { plans } from './plans.ts';
import { storage } from './storage.ts';

/** What is said where runs are made, where data are brought, and where people are checked: not on the page of a run. */
export const germanForm = { data, networks, newRun, person, plans, storage } satisfies Partial<Translation>;
