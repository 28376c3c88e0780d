import type { RunView } from '../../../shared/protocol/run-view.ts';
import type { RunFacts } from '../state/live-run.ts';
import { LaterPart } from '../ui/later-part.tsx';

const load = async () => (await import('./test/test-here.tsx')).TestHere;

/** For everyone with the link: tests a run's newest version on their own device. */
export const TestHerePanel = ({ facts, view }: { facts: RunFacts; view: RunView }) => (
  <LaterPart load={load} props={{ facts, version: view.version }} />
);
