import '../styles/run-page.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { cohortsOf } from '../../../shared/protocol/cohorts.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { type LiveRun, openLiveRun, type RunFacts } from '../state/live-run.ts';
import { platformClient } from '../state/platform-client.ts';
import { homeHref } from '../state/router.ts';
import { useTitle } from '../state/use-title.ts';
import { VolunteerPanel } from '../volunteering/volunteer-panel.tsx';
import { ActivityFeed } from './activity-feed.tsx';
import { BytesPanel } from './bytes-panel.tsx';
import { ClipNote } from './clip-note.tsx';
import { DefencePanel } from './defence-panel.tsx';
import { HostControls } from './host-controls.tsx';
import { InvitePanel } from './invite-panel.tsx';
import { NetworkDrawing } from './network-drawing.tsx';
import { RefereeNote } from './referee-note.tsx';
import { RefusalList } from './refusal-list.tsx';
import { ReplayPanel } from './replay-panel.tsx';
import { RoundCharts } from './round-charts.tsx';
import { RunHeader } from './run-header.tsx';
import { VolunteerTable } from './volunteer-table.tsx';

/** One run, live. */
export function RunPage({ run, query }: { run: string; query: URLSearchParams }) {
  const live = useSignal<LiveRun | null>(null);
  useEffect(() => {
    const opened = openLiveRun(platformClient, run);
    live.value = opened;
    return opened.close;
  }, [run]);
  const now = live.value;
  const [facts, view] = [now?.facts.value, now?.view.value];
  useTitle(facts?.spec.name ?? 'Run');

  if (now && facts && view) return <OpenRunPage live={now} facts={facts} view={view} query={query} />;
  if (now?.error.value)
    return (
      <p class="error" role="alert">
        {now.error.value}. <a href={homeHref}>All runs</a>
      </p>
    );
  return <p aria-busy="true">Loading the run…</p>;
}

interface OpenRunPageProps {
  readonly live: LiveRun;
  readonly facts: RunFacts;
  readonly view: RunView;
  readonly query: URLSearchParams;
}

function OpenRunPage({ live, facts, view, query }: OpenRunPageProps) {
  const nameOf = (id: string | null): string =>
    id === null ? 'someone' : (view.volunteers[id]?.name ?? live.names.value[id] ?? 'someone');
  return (
    <>
      <RunHeader facts={facts} view={view} isConnected={live.isConnected.value} />
      <div class="run-grid">
        <div class="run-join">
          <VolunteerPanel facts={facts} view={view} query={query} />
          <HostControls run={facts.run} view={view} />
          <RefereeNote run={facts.run} spec={facts.spec} phase={view.phase} />
        </div>
        <div class="run-main">
          <NetworkDrawing facts={facts} view={view} changedIn={live.changedIn.value} />
          <RoundCharts rounds={view.rounds} target={facts.spec.targetAccuracy} />
          <VolunteerTable run={facts.run} view={view} policy={{ cohorts: cohortsOf(facts.spec) }} />
          <div class="side-by-side">
            <ActivityFeed events={live.feed.value} nameOf={nameOf} />
            <RefusalList view={view} nameOf={nameOf} />
          </div>
        </div>
        <div class="run-more">
          <InvitePanel run={facts.run} needsCode={facts.needsCode} />
          <DefencePanel spec={facts.spec} view={view} />
          <BytesPanel model={facts.model} view={view} />
          <ClipNote config={facts} />
          <ReplayPanel run={facts.run} policy={facts.spec.policy} />
        </div>
      </div>
    </>
  );
}
