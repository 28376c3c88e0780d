import { homeHref } from '../state/router.ts';
import { useTitle } from '../state/use-title.ts';
import { shellWords } from '../words/shell-words.ts';

export function UnknownPage() {
  const words = shellWords();
  useTitle(words.noSuchPage);
  return (
    <>
      <h1>{words.noSuchPage}</h1>
      <p>
        {words.noSuchPageMore} <a href={homeHref}>{words.allRuns}</a>
      </p>
    </>
  );
}
