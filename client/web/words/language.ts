import { signal } from '@preact/signals';
import * as z from 'zod/mini';
import { readStored, writeStored } from '../state/local-store.ts';
import type { Translation } from './translation.ts';

/** A language is shown by its own name, which its readers know. */
export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;
type Translated = Exclude<Language, 'en'>;

const KEY = 'homeroom:language';
const languageSchema = z.enum(['en', 'de']);

/** English is in the scripts of each page. Another language is three files: the first page waits for the first alone. */
const firstWords: Readonly<Record<Translated, () => Promise<Partial<Translation>>>> = {
  de: async () => (await import('./de/german-first.ts')).germanFirst,
};
const otherWords: typeof firstWords = {
  de: async () => (await import('./de/german.ts')).german,
};
const formWords: typeof firstWords = {
  de: async () => (await import('./de/german-form.ts')).germanForm,
};

const tryWords: typeof firstWords = {
  de: async () => (await import('./de/german-try.ts')).germanTry,
};

const sentences: Readonly<Record<Translated, () => Promise<Translate>>> = {
  de: async () => (await import('./de/sentences/translate.ts')).translate,
};

type Translate = (english: string) => string;

let current: Language = 'en';
let translation: Partial<Translation> = {};
/** What is shown before the file is there is shown again when it has come. */
const translate = signal<Translate | null>(null);

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

/**
 * What the first page says. To be awaited before the first rendering. If the file does not come, all pages speak English.
 */
export async function loadFirstWords(wanted: Language): Promise<void> {
  const words = wanted === 'en' ? null : await firstWords[wanted]().catch(() => null);
  translation = words ?? {};
  current = words === null ? 'en' : wanted;
  translate.value = null;
  document.documentElement.lang = current;
}

/** What all other pages say. To be awaited before one of them is rendered. If it does not come, they speak English. */
export const loadOtherWords = (): Promise<void> => loadMore(otherWords);

/** What is said where runs are made and data are brought. Few people read that, so it is a file of its own. */
export const loadFormWords = (): Promise<void> => loadMore(formWords);

/** The same of the parts of the page of a run that come after it: where a network is tried, and the settings. */
export const loadTryWords = (): Promise<void> => loadMore(tryWords);

/**
 * What the platform, the readers of data and the trainer say. Nobody waits for it: most people never read such a sentence.
 * It is loaded before one is needed, because then the network may be gone.
 */
export async function loadSentences(): Promise<void> {
  if (current !== 'en') translate.value = await sentences[current]().catch(() => null);
}

/**
 * A sentence that was made in English outside the page, in the language of the page. It stays English if nobody knows it
 * in that language. To be called while rendering.
 */
export const inPageLanguage = (english: string): string => translate.value?.(english) ?? english;

async function loadMore(words: typeof firstWords): Promise<void> {
  if (current === 'en') return;
  const more = await words[current]().catch(() => ({}));
  translation = { ...translation, ...more };
}

/** All words, for a page that is not one of several. */
export async function loadLanguage(wanted: Language): Promise<void> {
  await loadFirstWords(wanted);
  await Promise.all([loadOtherWords(), loadFormWords(), loadTryWords(), loadSentences()]);
}

/** The words of an area in the language of the page. They are read while rendering, never while modules load. */
export const inLanguage =
  <Area extends keyof Translation>(area: Area, english: Translation[Area]) =>
  (): Translation[Area] =>
    translation[area] ?? english;
