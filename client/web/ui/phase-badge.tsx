import { shellWords } from '../words/shell-words.ts';

interface PhaseBadgeProps {
  readonly phase: string;
  readonly isArchived?: boolean | undefined;
}

/** The phase of a run, and whether it is archived. The words say it, and the colour helps. */
export function PhaseBadge({ phase, isArchived = false }: PhaseBadgeProps) {
  const words: Readonly<Record<string, string>> = shellWords().phases;
  return (
    <>
      <span class="badge" data-phase={phase} data-testid="phase">
        {words[phase] ?? phase}
      </span>
      {isArchived && (
        <span class="badge" title={shellWords().archivedMeans} data-testid="archived">
          {shellWords().archived}
        </span>
      )}
    </>
  );
}
