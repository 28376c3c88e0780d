import { download } from './en/download.ts';
import { inLanguage } from './language.ts';

/** What is said where people take a network away. */
export const downloadWords = inLanguage('download', download);
