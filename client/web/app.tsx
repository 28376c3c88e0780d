import { useEffect } from 'preact/hooks';
import { HomePage } from './home/home-page.tsx';
import { loadCheckPage, loadNewRunPage, loadRunPage, loadTrustPage } from './later-pages.ts';
import { checkHref, homeHref, newRunHref, route, runHref, trustHref } from './state/router.ts';
import { LanguageField } from './ui/language-field.tsx';
import { LaterPage } from './ui/later-page.tsx';
import { currentSession } from './volunteering/current-session.ts';
import { shellWords } from './words/shell-words.ts';

/** The whole app: what every page shows, and the page that the address names. */
export function App() {
  const { page } = route.value;
  const words = shellWords();
  useEffect(() => {
    scrollTo(0, 0);
  }, [page]);
  return (
    <>
      <button type="button" class="skip" onClick={skipToMain}>
        {words.skip}
      </button>
      <header class="container">
        <nav aria-label={words.pages}>
          <a class="brand" href={homeHref}>
            <span class="brand-mark" aria-hidden="true" />
            Homeroom
          </a>
          <ul>
            <SessionLink />
            <li>
              <a href={newRunHref}>{words.newRun}</a>
            </li>
          </ul>
        </nav>
      </header>
      <main id="main" class="container" tabIndex={-1}>
        <Page />
      </main>
      <footer class="container">
        <small class="muted">
          {words.about} <a href={checkHref}>{words.check}</a> · <a href={trustHref}>{words.trust}</a>
        </small>
        <LanguageField />
      </footer>
    </>
  );
}

/** This is a button, because the hash is the address here: a link to an anchor would leave the page. */
function skipToMain(): void {
  document.getElementById('main')?.focus();
}

function Page() {
  const now = route.value;
  switch (now.page) {
    case 'home':
      return <HomePage />;
    case 'new':
      return <LaterPage load={loadNewRunPage} props={{}} />;
    case 'check':
      return <LaterPage load={loadCheckPage} props={{}} />;
    case 'trust':
      return <LaterPage load={loadTrustPage} props={{}} />;
    case 'run':
      return <LaterPage key={now.run} load={loadRunPage} props={{ run: now.run, query: now.query }} />;
    case 'unknown':
      return (
        <p>
          {shellWords().noSuchPage} <a href={homeHref}>{shellWords().allRuns}</a>
        </p>
      );
  }
}

/** Says on every page that this tab is at work, and leads to where it can be stopped. */
function SessionLink() {
  const session = currentSession.value;
  if (!session?.isRunning.value) return null;
  return (
    <li>
      <a href={runHref(session.run)} class="session-link">
        <span class="pulse" aria-hidden="true" />
        {session.isPaused.value ? shellWords().paused : shellWords().training}
      </a>
    </li>
  );
}
