import { runPage } from '../../../shared/protocol/paths.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import { checkHref } from '../state/router.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { runWords } from '../words/run-words.ts';
import { LedgerDownload } from './ledger-download.tsx';

/** How anyone recomputes this run, and for how long that is possible. */
export function ReplayPanel({ run, policy }: { run: string; policy: RunSpec['policy'] }) {
  const words = runWords();
  return (
    <section class="card" aria-labelledby="replay-title">
      <h2 id="replay-title">{words.replay}</h2>
      <p>{words.replayMore}</p>
      <CopyField label={words.replayCommand} text={`npx homeroom replay ${location.origin}${runPage(run)}`} />
      <p class="muted note">
        {describeKeeping(policy)} <a href={checkHref}>{words.whatProves}</a>
      </p>
      <LedgerDownload run={run} />
    </section>
  );
}

export const describeKeeping = ({ keepRounds }: Pick<RunSpec['policy'], 'keepRounds'>): string =>
  keepRounds === 0 ? runWords().keptForGood : runWords().keptRounds(keepRounds);
