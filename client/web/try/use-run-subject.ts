import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { RunFacts } from '../state/live-run.ts';
import { platformClient } from '../state/platform-client.ts';
import { answerTrainer } from './answer-trainer.ts';
import { RunSubject } from './run-subject.ts';

/** The network of a run to be tried, for as long as this is shown. Null before the first effect. */
export function useRunSubject(facts: RunFacts, version: number): RunSubject | null {
  const newest = useSignal<number | null>(version);
  newest.value = version;
  const subject = useSignal<RunSubject | null>(null);
  useEffect(() => {
    const made = new RunSubject(facts, newest, platformClient);
    subject.value = made;
    return () => {
      made.close();
      answerTrainer.dropOwn();
    };
  }, [facts.run]);
  return subject.value;
}
