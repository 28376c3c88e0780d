const words: Readonly<Record<string, string>> = {
  draft: 'not open yet',
  open: 'open',
  paused: 'paused',
  finished: 'finished',
};

/** The phase of a run. The word says it, and the colour helps. */
export function PhaseBadge({ phase }: { phase: string }) {
  return (
    <span class="badge" data-phase={phase} data-testid="phase">
      {words[phase] ?? phase}
    </span>
  );
}
