import { claim } from './en/claim.ts';
import { inLanguage } from './language.ts';

/** What the page says on which somebody becomes the owner of a deployment. */
export const claimWords = inLanguage('claim', claim);
