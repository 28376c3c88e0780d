import { shellWords } from '../words/shell-words.ts';

/** The phase of a run. The word says it, and the colour helps. */
export function PhaseBadge({ phase }: { phase: string }) {
  const words: Readonly<Record<string, string>> = shellWords().phases;
  return (
    <span class="badge" data-phase={phase} data-testid="phase">
      {words[phase] ?? phase}
    </span>
  );
}
