import type { RunView } from '../../../shared/protocol/run-view.ts';
import type { RunFacts } from '../state/live-run.ts';
import { LaterPage } from '../ui/later-page.tsx';
import { withTryWords } from './with-try-words.ts';

const load = withTryWords(async () => (await import('./test/test-here.tsx')).TestHere);

/** For everyone with the link: tests a run's newest version on their own device. */
export const TestHerePanel = ({ facts, view }: { facts: RunFacts; view: RunView }) => (
  <LaterPage load={load} props={{ facts, version: view.version }} />
);
