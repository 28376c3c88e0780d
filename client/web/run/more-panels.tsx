import type { RunView } from '../../../shared/protocol/run-view.ts';
import type { RunFacts } from '../state/live-run.ts';
import { BytesPanel } from './bytes-panel.tsx';
import { ClipNote } from './clip-note.tsx';
import { DefencePanel } from './defence-panel.tsx';
import { ReplayPanel } from './replay-panel.tsx';

interface MorePanelsProps {
  readonly facts: RunFacts;
  readonly view: RunView;
  readonly isOver: boolean;
}

/** What stands at the end of a run's page, and is loaded after what people come for. */
export function MorePanels({ facts, view, isOver }: MorePanelsProps) {
  return (
    <>
      <DefencePanel spec={facts.spec} view={view} isOver={isOver} />
      <BytesPanel model={facts.model} view={view} />
      <ClipNote config={facts} />
      <ReplayPanel run={facts.run} policy={facts.spec.policy} archives={facts.archives} />
    </>
  );
}
