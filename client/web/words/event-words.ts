import { events } from './en/events.ts';
import { inLanguage } from './language.ts';

/** What happens in a run, and how it stands, in words. */
export const eventWords = inLanguage('events', events);
