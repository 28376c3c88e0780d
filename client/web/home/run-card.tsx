import type { RunListing } from '../../../shared/protocol/run-list.ts';
import { runProgress } from '../../../shared/view/run-progress.ts';
import { runHref } from '../state/router.ts';
import { formatCount, formatDate, formatPercent } from '../ui/format.ts';
import { PhaseBadge } from '../ui/phase-badge.tsx';
import { homeWords } from '../words/home-words.ts';

interface RunCardProps {
  readonly listing: RunListing;
  /** Shown beside a name that another run has too. */
  readonly id: string | null;
}

export function RunCard({ listing, id }: RunCardProps) {
  const { run, name, phase, model, plan, dataset, rounds, archived } = listing;
  const words = homeWords();
  const { done } = runProgress(listing, rounds);
  return (
    <li class="card run-card" data-testid="run-card" data-run={run}>
      <div class="run-card-title">
        <h3>
          <a href={runHref(run)}>
            {name}
            {id && <span class="muted"> ({id})</span>}
          </a>
        </h3>
        <PhaseBadge phase={phase} isArchived={archived} />
      </div>
      <p class="muted">
        {model} · {plan} · {dataset}
      </p>
      <p class="muted run-card-facts">{factsOf(listing).join(' · ')}</p>
      <div class="run-card-figures">
        <label>
          {words.roundsOf(formatCount(done), rounds, formatCount(rounds))}
          <progress value={done} max={rounds} />
        </label>
        <Accuracy listing={listing} />
      </div>
    </li>
  );
}

/** When it was made or ended, who is there, and who finds it. */
function factsOf({ createdAt, finishedAt, phase, here, unlisted }: RunListing): string[] {
  const words = homeWords();
  const whose = unlisted ? [words.unlisted] : [];
  const date = finishedAt ? words.finished(formatDate(finishedAt)) : words.made(formatDate(createdAt));
  if (phase === 'finished' || here === null || here === undefined) return [date, ...whose];
  return [date, here === 0 ? words.nobodyHere : words.here(here, formatCount(here)), ...whose];
}

/** Of a version that was tested. It is named if it is not the newest. What nobody could confirm is told to be so. */
function Accuracy({ listing: { accuracy, tested, version, phase } }: { listing: RunListing }) {
  const words = homeWords();
  // A platform of an older release does not say of which version its accuracy is.
  const shown = tested === undefined ? accuracy : (tested?.accuracy ?? null);
  if (shown === null)
    return <span class="muted">{phase === 'finished' ? words.notTested : words.notTestedYet}</span>;
  if (tested && tested.version !== version && phase === 'finished')
    return (
      <span class="run-card-accuracy">
        <span class="muted">{words.notTested}</span>
        <small class="muted">{words.versionReached(String(tested.version), formatPercent(shown))}</small>
      </span>
    );
  return (
    <span class="run-card-accuracy">
      <span class="muted">{words.accuracy}</span> <strong>{formatPercent(shown)}</strong>
      {tested && tested.version !== version && (
        <small class="muted">{words.ofVersion(String(tested.version))}</small>
      )}
      {tested?.unconfirmed && <small class="muted">{words.notConfirmed}</small>}
    </span>
  );
}
