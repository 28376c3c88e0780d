import type { ComponentType } from 'preact';
import { loadFormWords, loadOtherWords } from './words/language.ts';

/** A page comes together with the words that the first page did without. */
const withWords =
  <Props>(load: () => Promise<ComponentType<Props>>, loadWords = loadOtherWords) =>
  async (): Promise<ComponentType<Props>> => {
    const [page] = await Promise.all([load(), loadWords()]);
    return page;
  };

/** Pages that are loaded when somebody opens them. */
export const loadRunPage = withWords(async () => (await import('./run/run-page.tsx')).RunPage);
export const loadNewRunPage = withWords(
  async () => (await import('./new-run/new-run-page.tsx')).NewRunPage,
  loadFormWords,
);
export const loadDataPage = withWords(
  async () => (await import('./data/data-page.tsx')).DataPage,
  loadFormWords,
);
export const loadClaimPage = withWords(async () => (await import('./claim/claim-page.tsx')).ClaimPage);
export const loadStoragePanel = withWords(
  async () => (await import('./home/storage-panel.tsx')).StoragePanel,
  loadFormWords,
);
export const loadProsePage = withWords(async () => (await import('./prose/prose-page.tsx')).ProsePage);
