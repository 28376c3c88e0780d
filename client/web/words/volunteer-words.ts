import { volunteer } from './en/volunteer.tsx';
import { inLanguage } from './language.ts';

/** What the panel of this browser as a volunteer says. */
export const volunteerWords = inLanguage('volunteer', volunteer);
