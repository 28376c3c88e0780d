import { useSignal } from '@preact/signals';
import type { ArchiveTerm } from '../../../shared/protocol/archive-term.ts';
import type { RunHost } from '../../platform/run-host.ts';
import type { RunFacts } from '../state/live-run.ts';
import { platformClient } from '../state/platform-client.ts';
import { formatDay } from '../ui/format.ts';
import { storageWords } from '../words/storage-words.ts';
import { AskTwice } from './ask-twice.tsx';
import { ActError, useAct } from './use-act.tsx';

/** How long the updates of a run that has ended are kept. Nothing is shown of a run that goes on or keeps them for good. */
export function ArchiveTermChoice({ facts, host }: { readonly facts: RunFacts; readonly host: RunHost }) {
  const words = storageWords();
  const act = useAct();
  const term = useSignal<ArchiveTerm | undefined>(facts.archives);
  const choose = (action: 'extend' | 'end'): void =>
    void act.run(async () => {
      await host.setArchiveTerm(action);
      const told = (await platformClient.run(facts.run)).archives;
      // They go in turns, which take a while.
      term.value = action === 'end' ? { isGone: true } : told;
    });
  if (!term.value || 'days' in term.value) return null;
  if ('isGone' in term.value) return <p class="muted note">{words.updatesGone}</p>;
  return (
    <>
      <p class="muted note">{words.updatesUntil(formatDay(term.value.until))}</p>
      <div class="switches">
        <button
          type="button"
          class="secondary"
          disabled={act.isBusy}
          data-testid="keep-updates"
          onClick={() => choose('extend')}
        >
          {words.keepUpdates}
        </button>
        <AskTwice
          text={words.endUpdates}
          yes={words.endUpdatesYes}
          testid="end-updates"
          isBusy={act.isBusy}
          onYes={() => choose('end')}
        />
      </div>
      <ActError act={act} />
    </>
  );
}
