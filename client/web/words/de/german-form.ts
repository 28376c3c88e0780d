import type { Translation } from '../translation.ts';
import { networks } from './networks.ts';
import { newRun } from './new-run.ts';
import { plans } from './plans.ts';

/** What is said where runs are made. */
export const germanForm = { networks, newRun, plans } satisfies Partial<Translation>;
