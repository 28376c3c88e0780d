import { chooseLanguage, type Language, languageNow, languages } from '../words/language.ts';
import { shellWords } from '../words/shell-words.ts';

const isLanguage = (value: string): value is Language => value in languages;

/** The page is loaded again in the chosen language. A tab that trains goes on after that, as after any reload. */
export function LanguageField() {
  const choose = (value: string): void => {
    if (!isLanguage(value)) return;
    chooseLanguage(value);
    location.reload();
  };
  return (
    <label class="language">
      {shellWords().language}
      <select value={languageNow()} onChange={event => choose(event.currentTarget.value)}>
        {Object.entries(languages).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
