import { settings } from './en/settings.ts';
import { inLanguage } from './language.ts';

/** How the page of a run tells its settings. */
export const settingsWords = inLanguage('settings', settings);
