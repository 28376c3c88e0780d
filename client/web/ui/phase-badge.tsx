const words: Readonly<Record<string, string>> = {
  draft: 'not open yet',
  open: 'open',
  paused: 'paused',
  finished: 'finished',
};

/** Where a run stands; the word says it, the colour helps. */
export function PhaseBadge({ phase }: { phase: string }) {
  return (
    <span class="badge" data-phase={phase} data-testid="phase">
      {words[phase] ?? phase}
    </span>
  );
}
