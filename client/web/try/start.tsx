import '../no-eval.ts';
import '@picocss/pico/css/pico.jade.min.css';
import '../styles/index.css';
import { render } from 'preact';
import { loadLanguage, wantedLanguage } from '../words/language.ts';
import { parseTryAddress } from './try-address.ts';
import { TryPage } from './try-page.tsx';

// Only pages below this one may load what other sites have.
if (location.pathname === '/try') location.replace(`/try/${location.search}`);

const root = document.getElementById('app');
if (root)
  void loadLanguage(wantedLanguage()).then(() =>
    render(<TryPage address={parseTryAddress(location.pathname, location.search)} />, root),
  );
