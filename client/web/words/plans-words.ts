import { plans } from './en/plans.ts';
import { inLanguage } from './language.ts';

/** What pages say of learning plans and their settings. */
export const plansWords = inLanguage('plans', plans);
