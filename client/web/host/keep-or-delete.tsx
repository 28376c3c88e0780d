import { useSignal } from '@preact/signals';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import type { RunHost } from '../../platform/run-host.ts';
import { forgetHostKey } from '../state/host-keys.ts';
import type { RunFacts } from '../state/live-run.ts';
import { goTo, homeHref } from '../state/router.ts';
import { LaterPage } from '../ui/later-page.tsx';
import { hostWords } from '../words/host-words.ts';
import { loadFormWords } from '../words/language.ts';
import { AskTwice } from './ask-twice.tsx';
import { ActError, useAct } from './use-act.tsx';

/** Few runs have ended and have a host at this page. */
const loadArchiveTerm = async () => {
  const [{ ArchiveTermChoice }] = await Promise.all([import('./archive-term.tsx'), loadFormWords()]);
  return ArchiveTermChoice;
};

interface KeepOrDeleteProps {
  readonly facts: RunFacts;
  readonly phase: RunView['phase'];
  readonly host: RunHost;
  readonly onArchived?: ((isArchived: boolean) => void) | undefined;
}

const loadVisibility = async () => (await import('./run-visibility.tsx')).RunVisibility;

/** Says who finds the run, takes it out of the list, or away with all that it left. */
export function KeepOrDelete({ facts, phase, host, onArchived }: KeepOrDeleteProps) {
  const words = hostWords();
  const act = useAct();
  const isOpen = useSignal(false);
  const isArchived = useSignal(facts.archived === true);
  const archive = (wanted: boolean): void =>
    void act.run(async () => {
      await host.archive(wanted);
      isArchived.value = wanted;
      onArchived?.(wanted);
    });
  const remove = (): void =>
    void act.run(async () => {
      await host.deleteRun();
      forgetHostKey(facts.run);
      goTo(homeHref);
    });
  return (
    <details class="host-key" onToggle={event => (isOpen.value = event.currentTarget.open)}>
      <summary>{words.keepOrDelete}</summary>
      {isOpen.value && <LaterPage load={loadVisibility} props={{ run: facts.run, host }} />}
      <p class="muted note">{isArchived.value ? words.isArchived : words.archiveNote}</p>
      {phase === 'open' && !isArchived.value ? (
        <p class="note">{words.archiveFirst}</p>
      ) : (
        <div class="switches">
          <button
            type="button"
            class="secondary"
            disabled={act.isBusy}
            data-testid="host-archive"
            onClick={() => archive(!isArchived.value)}
          >
            {isArchived.value ? words.unarchive : words.archive}
          </button>
        </div>
      )}
      {phase === 'finished' && facts.archives && <LaterPage load={loadArchiveTerm} props={{ facts, host }} />}
      <p class="muted note">{words.deleteNote}</p>
      <div class="switches">
        <AskTwice
          text={words.delete}
          yes={words.deleteYes}
          testid="host-delete"
          isBusy={act.isBusy}
          onYes={remove}
        />
      </div>
      <ActError act={act} />
    </details>
  );
}
