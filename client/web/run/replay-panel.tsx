import type { ArchiveTerm } from '../../../shared/protocol/archive-term.ts';
import { runPage } from '../../../shared/protocol/paths.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import { checkHref } from '../state/router.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { formatDay } from '../ui/format.ts';
import { runWords } from '../words/run-words.ts';
import { LedgerDownload } from './ledger-download.tsx';

interface ReplayPanelProps {
  readonly run: string;
  readonly policy: RunSpec['policy'];
  readonly archives?: ArchiveTerm | undefined;
}

/** How anyone recomputes this run, and for how long that is possible. */
export function ReplayPanel({ run, policy, archives }: ReplayPanelProps) {
  const words = runWords();
  return (
    <section class="card" aria-labelledby="replay-title">
      <h2 id="replay-title">{words.replay}</h2>
      <p>{words.replayMore}</p>
      <CopyField label={words.replayCommand} text={`npx homeroom replay ${location.origin}${runPage(run)}`} />
      <p class="muted note">
        {describeKeeping(policy, archives)} <a href={checkHref}>{words.whatProves}</a>
      </p>
      <LedgerDownload run={run} />
    </section>
  );
}

/** @param archives left out if the updates of a run that has ended are kept for good */
export function describeKeeping(
  { keepRounds }: Pick<RunSpec['policy'], 'keepRounds'>,
  archives?: ArchiveTerm,
): string {
  const words = runWords();
  if (archives && 'isGone' in archives) return words.archivesGone;
  if (archives && 'until' in archives) return words.archivesUntil(formatDay(archives.until));
  if (!archives) return keepRounds === 0 ? words.keptForGood : words.keptRounds(keepRounds);
  const term = words.archivesDays(archives.days);
  return keepRounds === 0 ? term : `${words.keptRounds(keepRounds)} ${term}`;
}
