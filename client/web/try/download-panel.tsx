import type { RunView } from '../../../shared/protocol/run-view.ts';
import type { RunFacts } from '../state/live-run.ts';
import { LaterPage } from '../ui/later-page.tsx';
import { withTryWords } from './with-try-words.ts';

const load = withTryWords(async () => (await import('./download/take-away.tsx')).TakeAway);

/** For everyone with the link: a run's network as files. */
export const DownloadPanel = ({ facts, view }: { facts: RunFacts; view: RunView }) => (
  <LaterPage load={load} props={{ facts, view }} />
);
