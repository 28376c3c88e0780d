import type { RunView } from '../../../shared/protocol/run-view.ts';
import type { RunFacts } from '../state/live-run.ts';
import { LaterPage } from '../ui/later-page.tsx';
import { withTryWords } from './with-try-words.ts';

const load = withTryWords(async () => (await import('./run-try.tsx')).RunTry);

/** For everyone with the link: shows a run's newest version a picture. */
export const TryPanel = ({ facts, view }: { facts: RunFacts; view: RunView }) => (
  <LaterPage load={load} props={{ facts, version: view.version }} />
);
