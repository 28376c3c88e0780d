import { networks } from './en/networks.ts';
import { inLanguage } from './language.ts';

/** What pages say of the networks of the zoo. */
export const networksWords = inLanguage('networks', networks);
