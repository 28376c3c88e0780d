import { exampleKind } from '../../../shared/protocol/dataset.ts';
import { useKeptFocus } from '../state/use-kept-focus.ts';
import { inPageLanguage } from '../words/language.ts';
import '../styles/run-page.css';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { cohortsOf } from '../../../shared/protocol/cohorts.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { HostControls } from '../host/host-controls.tsx';
import { HostLinkNote } from '../host/host-link-note.tsx';
import { type LiveRun, openLiveRun, type RunFacts } from '../state/live-run.ts';
import { platformClient } from '../state/platform-client.ts';
import { homeHref } from '../state/router.ts';
import { useTitle } from '../state/use-title.ts';
import { DownloadPanel } from '../try/download-panel.tsx';
import { TestHerePanel } from '../try/test-here-panel.tsx';
import { TryPanel } from '../try/try-panel.tsx';
import { LaterPage } from '../ui/later-page.tsx';
import { VolunteerPanel } from '../volunteering/volunteer-panel.tsx';
import { eventWords } from '../words/event-words.ts';
import { runWords } from '../words/run-words.ts';
import { InvitePanel } from './invite-panel.tsx';
import { isOver } from './is-over.ts';
import { NetworkDrawing } from './network-drawing.tsx';
import { RefereeNote } from './referee-note.tsx';
import { RoundCharts } from './round-charts.tsx';
import { RunHeader } from './run-header.tsx';
import { RunSaid } from './run-said.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { VolunteerTable } from './volunteer-table.tsx';

const loadMore = async () => (await import('./more-panels.tsx')).MorePanels;
const loadHappened = async () => (await import('./happened.tsx')).Happened;

/** One run, live. */
export function RunPage({ run, query }: { run: string; query: URLSearchParams }) {
  useKeptFocus();
  const words = runWords();
  const live = useSignal<LiveRun | null>(null);
  useEffect(() => {
    const opened = openLiveRun(platformClient, run);
    live.value = opened;
    return opened.close;
  }, [run]);
  const now = live.value;
  const [facts, view] = [now?.facts.value, now?.view.value];
  const error = now?.isDeleted.value ? eventWords().refusal('deleted') : now?.error.value;
  useTitle(facts?.spec.name ?? words.title);
  if (!error && !facts) return <p aria-busy="true">{words.loading}</p>;
  // The heading stays the same element, so that it keeps the focus if the run can be shown after all.
  return (
    <>
      <h1 class="run-name">{facts?.spec.name ?? words.notShown}</h1>
      {now && facts && view && !error && <OpenRunPage live={now} facts={facts} view={view} query={query} />}
      {error && <NotShown error={error} />}
    </>
  );
}

function NotShown({ error }: { error: string }) {
  const words = runWords();
  return (
    <>
      <p class="error" role="alert">
        {inPageLanguage(error)}
      </p>
      <p>
        {words.notShownMore} <a href={homeHref}>{words.allRuns}</a>
      </p>
    </>
  );
}

interface OpenRunPageProps {
  readonly live: LiveRun;
  readonly facts: RunFacts;
  readonly view: RunView;
  readonly query: URLSearchParams;
}

/**
 * In the order in which people look: how good and how far it is, what this browser can do, what happens in the network
 * now, how it has learnt, who takes part, by which settings, and what just happened.
 */
function OpenRunPage({ live, facts, view, query }: OpenRunPageProps) {
  const isAtEnd = isOver(facts, view);
  return (
    <>
      <HostLinkNote run={facts.run} />
      <RunHeader facts={facts} view={view} isConnected={live.isConnected.value} />
      <RunSaid view={view} rounds={facts.spec.rounds} />
      {live.isCutOff.value && (
        <p class="note" role="status" data-testid="cut-off">
          {runWords().cutOff}
        </p>
      )}
      <div class="run-grid">
        <div class="run-join">
          <VolunteerPanel facts={facts} view={view} query={query} />
          <HostControls facts={facts} view={view} onArchived={live.noteArchived} />
          {!isAtEnd && <RefereeNote run={facts.run} spec={facts.spec} />}
        </div>
        <div class="run-main">
          <TryPanel facts={facts} view={view} />
          <NetworkDrawing facts={facts} view={view} changedIn={live.changedIn.value} />
          <Learning facts={facts} view={view} />
          <TestHerePanel facts={facts} view={view} />
          <VolunteerTable
            run={facts.run}
            view={view}
            policy={{ cohorts: cohortsOf(facts.spec) }}
            kind={exampleKind(facts.spec.dataset)}
            isArchived={facts.archived === true}
          />
          <SettingsPanel facts={facts} />
          <LaterPage load={loadHappened} props={{ live, view }} />
        </div>
        <div class="run-more">
          {!isAtEnd && <InvitePanel facts={facts} />}
          <DownloadPanel facts={facts} view={view} />
          <LaterPage load={loadMore} props={{ facts, view, isOver: isAtEnd }} />
        </div>
      </div>
    </>
  );
}

/** A view comes with every few events. The charts change only if a round did. */
function Learning({ facts: { spec }, view: { rounds, openedAt } }: Pick<OpenRunPageProps, 'facts' | 'view'>) {
  return useMemo(
    () => (
      <RoundCharts
        rounds={rounds}
        target={spec.targetAccuracy}
        openedAt={openedAt}
        kind={exampleKind(spec.dataset)}
      />
    ),
    [rounds, spec, openedAt],
  );
}
