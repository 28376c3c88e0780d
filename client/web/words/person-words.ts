import { person } from './en/person.tsx';
import { inLanguage } from './language.ts';

/** [CROWD8] What the page of the check of people says. */
export const personWords = inLanguage('person', person);
