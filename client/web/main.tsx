import './no-eval.ts';
import '@picocss/pico/css/pico.jade.min.css';
import './styles/index.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { followAddress, route } from './state/router.ts';
import { loadTrainerEarly } from './volunteering/trainer-bridge.ts';
import { wasAtWork } from './volunteering/volunteer-memory.ts';
import { loadLanguage, wantedLanguage } from './words/language.ts';

followAddress();
const now = route.value;
if (now.page === 'run' && (now.query.get('join') === '1' || wasAtWork(now.run))) loadTrainerEarly();

const root = document.getElementById('app');
if (root) void loadLanguage(wantedLanguage()).then(() => render(<App />, root));
