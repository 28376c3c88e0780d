import { afterEach, describe, expect, it, vi } from 'vitest';
import { germanFirst } from '../../client/web/words/de/german-first.ts';
import { shell } from '../../client/web/words/en/shell.ts';
import {
  chooseLanguage,
  languageNow,
  loadLanguage,
  wantedLanguage,
} from '../../client/web/words/language.ts';
import { problemText } from '../../client/web/words/problem-text.ts';
import { shellWords } from '../../client/web/words/shell-words.ts';

const speaking = (...tags: string[]): void => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(tags);
};

describe('the language of the pages', () => {
  afterEach(async () => {
    vi.restoreAllMocks();
    await loadLanguage('en');
  });

  it.each([
    [['de-AT', 'en'], 'de'],
    [['fr', 'DE-de', 'en'], 'de'],
    [['en-GB', 'de'], 'en'],
    [['fr'], 'en'],
    [[], 'en'],
  ])('is for a browser that speaks %j: %s', (tags, language) => {
    speaking(...tags);
    expect(wantedLanguage()).toBe(language);
  });

  it('is the one that was chosen here, whatever the browser speaks', () => {
    speaking('de');
    chooseLanguage('en');
    expect(wantedLanguage()).toBe('en');
  });

  it('is not what strange text in the memory says', () => {
    speaking('en');
    localStorage.setItem('homeroom:language', '"tlh"');
    expect(wantedLanguage()).toBe('en');
  });

  it('changes all words and the language of the document', async () => {
    expect(shellWords()).toBe(shell);
    await loadLanguage('de');
    expect([languageNow(), document.documentElement.lang]).toEqual(['de', 'de']);
    expect(shellWords()).toBe(germanFirst.shell);
  });

  it('is also that of what the platform and the readers say in English, if it is known', async () => {
    const problems = [new Error('this device has no network; trying again'), 'what only a library says'];
    expect(problems.map(problemText)).toEqual(['this device has no network; trying again', problems[1]]);
    await loadLanguage('de');
    expect(problems.map(problemText)).toEqual([
      'dieses Gerät hat kein Netz; es wird wieder versucht',
      problems[1],
    ]);
  });
});
