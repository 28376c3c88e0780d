import './no-eval.ts';
import '@picocss/pico/css/pico.jade.min.css';
import './styles/index.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { watchForNewerPage } from './state/newer-page.ts';
import { followAddress, route } from './state/router.ts';
import { wasAtWork } from './volunteering/volunteer-slots.ts';
import { loadFirstWords, loadSentences, wantedLanguage } from './words/language.ts';
import { shellWords } from './words/shell-words.ts';

followAddress();
watchForNewerPage();
const now = route.value;
if (now.page === 'run') {
  if (now.query.get('join') === '1' || wasAtWork(now.run))
    import('./volunteering/trainer-bridge.ts').then(
      bridge => bridge.loadTrainerEarly(),
      () => {},
    );
  // It comes beside the language and not after it. If it does not come, the page says so.
  import('./run/run-page.tsx').catch(() => {});
}

const root = document.getElementById('app');
if (root) void loadFirstWords(wantedLanguage()).then(() => show(root));

function show(root: Element): void {
  document.querySelector('meta[name=description]')?.setAttribute('content', shellWords().description);
  render(<App />, root);
  void loadSentences();
}
