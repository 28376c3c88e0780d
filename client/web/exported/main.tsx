import '../try/allow-storage.ts';
import '../no-eval.ts';
import '@picocss/pico/css/pico.jade.min.css';
import '../styles/index.css';
import { expose, transfer, wrap } from 'comlink';
import { render } from 'preact';
import { loadLanguage, wantedLanguage } from '../words/language.ts';
import { tryWords } from '../words/try-words.ts';
import { ExportedPage } from './exported-page.tsx';
import { ExportedSubject } from './exported-subject.ts';
import { heldNetwork } from './held-network.ts';
import { StockEngine } from './stock-engine.ts';

/** This one script is the page, and in a worker the engine: the file has no other beside it. */
if (typeof document === 'undefined') expose(new StockEngine());
else void showPage(document.currentScript?.textContent ?? '');

async function showPage(script: string): Promise<void> {
  await loadLanguage(wantedLanguage());
  const root = document.getElementById('app');
  if (!root) return;
  try {
    const { modelJson, weights, metadata } = heldNetwork();
    const engine = wrap<StockEngine>(new Worker(URL.createObjectURL(new Blob([script]))));
    await engine.open(transfer({ modelJson, weights, output: metadata.output }, [weights.buffer]));
    const subject = new ExportedSubject(metadata, picture => engine.predict(picture));
    render(<ExportedPage subject={subject} name={metadata.name ?? tryWords().title} />, root);
  } catch (error) {
    root.textContent = tryWords().wholePage.failed(String(error));
  }
}
