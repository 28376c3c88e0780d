import * as z from 'zod/mini';
import { readStored, writeStored } from '../state/local-store.ts';
import type { Translation } from './translation.ts';

/** A language is shown by its own name, which its readers know. */
export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

const KEY = 'homeroom:language';
const languageSchema = z.enum(['en', 'de']);

/** English is in the scripts of each page. Another language is one file, loaded before anything shows. */
const loaders: Readonly<Record<Exclude<Language, 'en'>, () => Promise<Translation>>> = {
  de: async () => (await import('./de/german.ts')).german,
};

let current: Language = 'en';
let translation: Translation | null = null;

/** The language of what is shown now. */
export const languageNow = (): Language => current;

/** What the reader has chosen here, or the first of the browser's languages that there is. */
export function wantedLanguage(): Language {
  const chosen = readStored(localStorage, KEY, languageSchema);
  const spoken = navigator.languages.map(tag => languageSchema.safeParse(tag.split('-')[0]?.toLowerCase()));
  return chosen ?? spoken.find(({ success }) => success)?.data ?? 'en';
}

/** Keeps the choice in this browser. It shows when the page is loaded again. */
export const chooseLanguage = (language: Language): void => writeStored(localStorage, KEY, language);

/** To be awaited before the first rendering. If the file does not come, the page speaks English. */
export async function loadLanguage(wanted: Language): Promise<void> {
  translation = wanted === 'en' ? null : await loaders[wanted]().catch(() => null);
  current = translation === null ? 'en' : wanted;
  document.documentElement.lang = current;
}

/** The words of an area in the language of the page. They are read while rendering, never while modules load. */
export const inLanguage =
  <Area extends keyof Translation>(area: Area, english: Translation[Area]) =>
  (): Translation[Area] =>
    translation?.[area] ?? english;
