import '../styles/try.css';
import { tryPage } from '../../../shared/protocol/paths.ts';
import type { RunFacts } from '../state/live-run.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { tryWords } from '../words/try-words.ts';
import { embedCode } from './embed-code.ts';
import { TryBoard } from './try-board.tsx';
import { useRunSubject } from './use-run-subject.ts';

/** The panel of a run's page in which people try its network. */
export function RunTry({ facts, version }: { facts: RunFacts; version: number }) {
  const words = tryWords();
  const subject = useRunSubject(facts, version);
  const page = tryPage(facts.run);
  return (
    <section class="card try-panel" aria-labelledby="try-title" data-testid="try-panel">
      <h2 id="try-title">{words.title}</h2>
      <p class="muted">{words.intro}</p>
      {subject && <TryBoard subject={subject} hasSamples />}
      <details class="embed">
        <summary>{words.embed}</summary>
        <p class="note">{words.embedMore}</p>
        <CopyField label={words.embedCode} text={embedCode(location.origin + page, facts.spec.name)} />
        <a href={page} target="_blank" rel="noopener">
          {words.ownPage}
        </a>
      </details>
    </section>
  );
}
