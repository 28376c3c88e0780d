import type { ComponentType } from 'preact';
import { loadTryWords } from '../words/language.ts';

/** A part of a page comes together with its words. */
export const withTryWords =
  <Props>(load: () => Promise<ComponentType<Props>>) =>
  async (): Promise<ComponentType<Props>> => {
    const [part] = await Promise.all([load(), loadTryWords()]);
    return part;
  };
