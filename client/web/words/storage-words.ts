import { storage } from './en/storage.ts';
import { inLanguage } from './language.ts';

/** What is said of where a platform keeps data. */
export const storageWords = inLanguage('storage', storage);
