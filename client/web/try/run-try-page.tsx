import type { RunFacts } from '../state/live-run.ts';
import { tryWords } from '../words/try-words.ts';
import { TryBoard } from './try-board.tsx';
import { useLatestRun } from './use-latest-run.ts';
import { useRunSubject } from './use-run-subject.ts';

/** The network of a run, which answers with its newest version. */
export function RunTryPage({ run }: { run: string }) {
  const words = tryWords();
  const { info, problem } = useLatestRun(run);
  if (info) {
    const { view, ...facts } = info;
    return <Run facts={facts} version={view.version} />;
  }
  return (
    <>
      <h1>{words.title}</h1>
      {problem === null ? (
        <p aria-busy="true">{words.wholePage.loading}</p>
      ) : (
        <p class="error" role="alert">
          {problem === 'missing' ? words.wholePage.notFound : words.away(problem.why)}
        </p>
      )}
    </>
  );
}

function Run({ facts, version }: { facts: RunFacts; version: number }) {
  const words = tryWords();
  const subject = useRunSubject(facts, version);
  return (
    <>
      <hgroup>
        <h1>{facts.spec.name}</h1>
        <p>{words.introEmbedded}</p>
      </hgroup>
      {subject && <TryBoard subject={subject} hasSamples />}
    </>
  );
}
