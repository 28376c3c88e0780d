import type { RunView } from '../../../shared/protocol/run-view.ts';
import type { LiveRun } from '../state/live-run.ts';
import { eventWords } from '../words/event-words.ts';
import { ActivityFeed } from './activity-feed.tsx';
import { RefusalList } from './refusal-list.tsx';

interface HappenedProps {
  readonly live: LiveRun;
  readonly view: RunView;
}

/** What has happened in a run, and what was refused. */
export function Happened({ live, view }: HappenedProps) {
  const { someone } = eventWords();
  const nameOf = (id: string | null): string =>
    id === null ? someone : (view.volunteers[id]?.name ?? live.names.value[id] ?? someone);
  return (
    <div class="side-by-side">
      <ActivityFeed events={live.feed.value} nameOf={nameOf} />
      <RefusalList view={view} nameOf={nameOf} />
    </div>
  );
}
