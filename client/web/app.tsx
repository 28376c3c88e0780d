import { useEffect } from 'preact/hooks';
import { HomePage } from './home/home-page.tsx';
import { RunPage } from './run/run-page.tsx';
import { checkHref, homeHref, newRunHref, route, runHref, trustHref } from './state/router.ts';
import { LanguageField } from './ui/language-field.tsx';
import { LaterPage } from './ui/later-page.tsx';
import { currentSession } from './volunteering/volunteer-session.ts';
import { shellWords } from './words/shell-words.ts';

const loadNewRunPage = async () => (await import('./new-run/new-run-page.tsx')).NewRunPage;
const loadCheckPage = async () => (await import('./check/check-page.tsx')).CheckPage;
const loadTrustPage = async () => (await import('./trust/trust-page.tsx')).TrustPage;

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
      return <LaterPage load={loadNewRunPage} />;
    case 'check':
      return <LaterPage load={loadCheckPage} />;
    case 'trust':
      return <LaterPage load={loadTrustPage} />;
    case 'run':
      return <RunPage key={now.run} run={now.run} query={now.query} />;
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
