import type { ComponentChildren } from 'preact';
import { HomePage } from './home/home-page.tsx';
import { loadClaimPage, loadDataPage, loadNewRunPage, loadProsePage, loadRunPage } from './later-pages.ts';
import {
  aboutHref,
  checkHref,
  dataHref,
  homeHref,
  howHref,
  newRunHref,
  privacyHref,
  route,
  trustHref,
} from './state/router.ts';
import { useFocusOnHeading } from './state/use-focus-on-heading.ts';
import { LanguageField } from './ui/language-field.tsx';
import { LaterPage } from './ui/later-page.tsx';
import { NewerPageNote } from './ui/newer-page-note.tsx';
import { SessionLink } from './ui/session-link.tsx';
import { UnknownPage } from './ui/unknown-page.tsx';
import { shellWords } from './words/shell-words.ts';

/** The whole app: what every page shows, and the page that the address names. */
export function App() {
  const words = shellWords();
  useFocusOnHeading(placeNow());
  return (
    <>
      <button type="button" class="skip" onClick={skipToMain}>
        {words.skip}
      </button>
      <header class="container">
        <nav aria-label={words.pages}>
          <a class="brand" href={homeHref} aria-label="Homeroom">
            <span class="brand-mark" aria-hidden="true" />
            <span class="brand-name">Homeroom</span>
          </a>
          <ul>
            <SessionLink />
            <PageLink href={homeHref}>{words.runs}</PageLink>
            <PageLink href={dataHref}>{words.data}</PageLink>
            <PageLink href={newRunHref}>{words.newRun}</PageLink>
            <PageLink href={howHref}>{words.how}</PageLink>
          </ul>
        </nav>
      </header>
      <NewerPageNote />
      <main id="main" class="container" tabIndex={-1}>
        <Page />
      </main>
      <Footer />
    </>
  );
}

function Footer() {
  const words = shellWords();
  return (
    <footer class="container">
      <p class="muted">{words.description}</p>
      <nav aria-label={words.morePages}>
        <ul class="foot-links">
          <PageLink href={aboutHref}>{words.about}</PageLink>
          <PageLink href={privacyHref}>{words.privacy}</PageLink>
          <PageLink href={checkHref}>{words.check}</PageLink>
          <PageLink href={trustHref}>{words.trust}</PageLink>
        </ul>
      </nav>
      <LanguageField />
    </footer>
  );
}

/** A link that shows where one is. */
function PageLink({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <li>
      <a href={href} aria-current={placeNow() === href ? 'page' : undefined}>
        {children}
      </a>
    </li>
  );
}

/** The address of the page that is shown, without what is asked of it. */
function placeNow(): string {
  const now = route.value;
  if (now.page === 'home') return homeHref;
  return now.page === 'run' ? `#/runs/${now.run}` : `#/${now.page}`;
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
    case 'data':
      return <LaterPage load={loadDataPage} props={{}} />;
    case 'run':
      return <LaterPage key={now.run} load={loadRunPage} props={{ run: now.run, query: now.query }} />;
    case 'claim':
      return <LaterPage load={loadClaimPage} props={{ claim: now.claim }} />;
    case 'unknown':
      return <UnknownPage />;
    default:
      return <LaterPage load={loadProsePage} props={{ page: now.page }} />;
  }
}
