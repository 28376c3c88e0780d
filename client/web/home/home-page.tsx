import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useEffect } from 'preact/hooks';
import { errorText } from '../../../shared/protocol/error-text.ts';
import type { RunListing } from '../../../shared/protocol/run-list.ts';
import { listRuns } from '../../platform/list-runs.ts';
import { platformSource } from '../state/platform-source.ts';
import { goTo, newRunHref, readRunLink, runHref } from '../state/router.ts';
import { useTitle } from '../state/use-title.ts';
import { formatCount, formatPercent } from '../ui/format.ts';
import { PhaseBadge } from '../ui/phase-badge.tsx';
import { homeWords } from '../words/home-words.ts';

const REFRESH_MS = 4_000;

/** All runs of this deployment. */
export function HomePage() {
  const words = homeWords();
  const runs = useSignal<readonly RunListing[] | null>(null);
  const error = useSignal<string | null>(null);
  useTitle(words.title);
  useEffect(() => {
    const closing = new AbortController();
    const refresh = async (): Promise<void> => {
      try {
        runs.value = await listRuns(platformSource, { signal: closing.signal });
        error.value = null;
      } catch (reason) {
        if (!closing.signal.aborted) error.value = errorText(reason);
      }
    };
    void refresh();
    // A hidden tab does not ask.
    const timer = setInterval(() => document.hidden || void refresh(), REFRESH_MS);
    return () => {
      clearInterval(timer);
      closing.abort();
    };
  }, []);

  return (
    <>
      <hgroup>
        <h1>{words.title}</h1>
        <p>{words.intro}</p>
      </hgroup>
      {error.value && (
        <p class="error" role="alert">
          {error.value}
        </p>
      )}
      {runs.value === null && !error.value && <p aria-busy="true">{words.loading}</p>}
      {runs.value?.length === 0 && <NoRuns />}
      {runs.value && runs.value.length > 0 && <RunList runs={runs.value} />}
      <OpenRun />
    </>
  );
}

function NoRuns() {
  const words = homeWords();
  return (
    <section class="card empty">
      <h2>{words.nothingYet}</h2>
      <p>{words.nothingYetMore}</p>
      <a href={newRunHref} class="button-link">
        {words.createFirst}
      </a>
    </section>
  );
}

function RunList({ runs }: { runs: readonly RunListing[] }) {
  return (
    <ul class="run-list" data-testid="run-list">
      {runs.map(run => (
        <RunCard key={run.run} listing={run} />
      ))}
    </ul>
  );
}

function RunCard({ listing }: { listing: RunListing }) {
  const { run, name, phase, model, plan, dataset, round, rounds, accuracy } = listing;
  const done = phase === 'finished' ? rounds : Math.min(round, rounds) - 1;
  const words = homeWords();
  return (
    <li class="card run-card" data-testid="run-card" data-run={run}>
      <div class="run-card-title">
        <h2>
          <a href={runHref(run)}>{name}</a>
        </h2>
        <PhaseBadge phase={phase} />
      </div>
      <p class="muted">
        {model} · {plan} · {dataset}
      </p>
      <div class="run-card-figures">
        <label>
          {words.roundOf(formatCount(Math.min(round, rounds)), formatCount(rounds))}
          <progress value={done} max={rounds} />
        </label>
        <span class="run-card-accuracy">
          <span class="muted">{words.accuracy}</span> <strong>{formatPercent(accuracy)}</strong>
        </span>
      </div>
    </li>
  );
}

/** For somebody who has read an id on a blackboard, or got a link in a message. */
function OpenRun() {
  const words = homeWords();
  const error = useSignal<string | null>(null);
  const open = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const run = readRunLink(String(new FormData(event.currentTarget).get('run')));
    if (run) goTo(runHref(run));
    error.value = run ? null : words.noRunLink;
  };
  return (
    <form class="open-run" onSubmit={open} noValidate>
      <label for="open-run">{words.openByLink}</label>
      {/* biome-ignore lint/a11y/useSemanticElements: Pico's joined field and button are this role; a fieldset would need a legend */}
      <div role="group">
        <input
          id="open-run"
          name="run"
          autocomplete="off"
          aria-invalid={error.value ? true : undefined}
          aria-describedby="open-run-error"
        />
        <button type="submit">{words.open}</button>
      </div>
      <small id="open-run-error" class="field-error" role="alert">
        {error.value}
      </small>
    </form>
  );
}
