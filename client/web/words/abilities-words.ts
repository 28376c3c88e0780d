import { abilities } from './en/abilities.ts';
import { inLanguage } from './language.ts';

/** What a page says if its browser lacks something. */
export const abilityWords = inLanguage('abilities', abilities);
