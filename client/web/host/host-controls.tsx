import type { RunView } from '../../../shared/protocol/run-view.ts';
import { isClosing } from '../../../shared/view/run-progress.ts';
import { RunHost } from '../../platform/run-host.ts';
import { isOver } from '../run/is-over.ts';
import { hostKeyOf, isHostKeyKept } from '../state/host-keys.ts';
import type { RunFacts } from '../state/live-run.ts';
import { platformClient } from '../state/platform-client.ts';
import { hostWords } from '../words/host-words.ts';
import { Costs } from './costs.tsx';
import { HostKeyDetails } from './host-key-details.tsx';
import { HostKeyForm } from './host-key-form.tsx';
import { HostSwitches } from './host-switches.tsx';
import { KeepOrDelete } from './keep-or-delete.tsx';
import { orderRun } from './order-run.ts';
import { OtherBrowser } from './other-browser.tsx';
import { RefereeKeys } from './referee-keys.tsx';
import { TakeBack } from './take-back.tsx';
import { ActError, useAct } from './use-act.tsx';

interface HostControlsProps {
  readonly facts: RunFacts;
  readonly view: RunView;
  /** After the host has put the run into the archive, or taken it out. */
  readonly onArchived?: ((isArchived: boolean) => void) | undefined;
}

/** The host's switches if this browser holds the host key. Otherwise a form that takes the key. */
export function HostControls({ facts, view, onArchived }: HostControlsProps) {
  const hostKey = hostKeyOf(facts.run);
  if (hostKey === null) return <HostKeyForm run={facts.run} />;
  return <KnownHost key={hostKey} facts={facts} view={view} hostKey={hostKey} onArchived={onArchived} />;
}

function KnownHost({ facts, view, hostKey, onArchived }: HostControlsProps & { hostKey: string }) {
  const act = useAct();
  const { run } = facts;
  const host = new RunHost(platformClient, run, hostKey);
  return (
    <section class="card" aria-labelledby="host-title">
      <h2 id="host-title">{hostWords().title}</h2>
      {!isHostKeyKept(run) && (
        <p class="error" role="alert" data-testid="host-key-not-kept">
          {hostWords().notKept}
        </p>
      )}
      {!facts.archived && (
        <>
          <HostSwitches
            phase={view.phase}
            isClosing={isClosing(view)}
            isBusy={act.isBusy}
            onAct={action => void act.run(() => orderRun(run, action, hostKey))}
          />
          <TakeBack
            run={run}
            view={view}
            onChoose={version => void act.run(() => host.takeBack(version))}
            onError={act.show}
          />
        </>
      )}
      <ActError act={act} />
      {!isOver(facts, view) && <RefereeKeys facts={facts} host={host} />}
      <OtherBrowser facts={facts} hostKey={hostKey} />
      <Costs facts={facts} />
      <KeepOrDelete facts={facts} phase={view.phase} host={host} onArchived={onArchived} />
      <HostKeyDetails run={run} hostKey={hostKey} />
    </section>
  );
}
