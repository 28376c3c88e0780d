import type { RunView } from '../../../shared/protocol/run-view.ts';
import type { RunFacts } from '../state/live-run.ts';
import { DownloadPanel } from '../try/download-panel.tsx';
import { BytesPanel } from './bytes-panel.tsx';
import { ClipNote } from './clip-note.tsx';
import { DefencePanel } from './defence-panel.tsx';
import { InvitePanel } from './invite-panel.tsx';
import { ReplayPanel } from './replay-panel.tsx';

interface RunMoreProps {
  readonly facts: RunFacts;
  readonly view: RunView;
  /** Whether the run is over or in the archive. */
  readonly isAtEnd: boolean;
}

/** Beside what a run does: how others come in, what can be taken away, what was refused and sent, and how it is checked. */
export function RunMore({ facts, view, isAtEnd }: RunMoreProps) {
  return (
    <>
      {!isAtEnd && <InvitePanel facts={facts} />}
      <DownloadPanel facts={facts} view={view} />
      <DefencePanel spec={facts.spec} view={view} isOver={isAtEnd} />
      <BytesPanel model={facts.model} view={view} />
      <ClipNote config={facts} />
      <ReplayPanel run={facts.run} policy={facts.spec.policy} archives={facts.archives} />
    </>
  );
}
