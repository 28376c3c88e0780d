import '../no-eval.ts';
import '@picocss/pico/css/pico.jade.min.css';
import '../styles/index.css';
import { render } from 'preact';
import { loadLanguage, wantedLanguage } from '../words/language.ts';
import { PersonPage } from './person-page.tsx';

const root = document.getElementById('app');
if (root) void loadLanguage(wantedLanguage()).then(() => render(<PersonPage hash={location.hash} />, root));
