import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { errorText } from '../../../shared/protocol/error-text.ts';
import type { RunListing } from '../../../shared/protocol/run-list.ts';
import { listRuns } from '../../platform/list-runs.ts';
import { loadStoragePanel } from '../later-pages.ts';
import type { Ability } from '../state/abilities.ts';
import { keptDeploymentKey } from '../state/deployment-key.ts';
import { knownRuns } from '../state/known-runs.ts';
import { platformSource } from '../state/platform-source.ts';
import { newRunHref } from '../state/router.ts';
import { useTitle } from '../state/use-title.ts';
import { AbilityNotes } from '../ui/ability-notes.tsx';
import { LaterPage } from '../ui/later-page.tsx';
import { homeWords } from '../words/home-words.ts';
import { inPageLanguage } from '../words/language.ts';
import { NetworkPicture } from './network-picture.tsx';
import { OpenRun } from './open-run.tsx';
import { QuickStart } from './quick-start.tsx';
import { RunList } from './run-list.tsx';

/** Each time is a request that the platform bills, and a class may leave thirty of these pages open for an hour. */
const REFRESH_MS = 15_000;

const needs: readonly Ability[] = ['secure', 'simd', 'storage', 'sockets', 'threads'];

/** What this is, a way to begin at once, and all runs of this deployment. */
export function HomePage() {
  const words = homeWords();
  useTitle(words.title);
  return (
    <>
      <section class="hero">
        <div>
          <h1>{words.lead}</h1>
          <p>{words.intro}</p>
          <QuickStart />
          <p>
            <a href={newRunHref}>{words.ownRun}</a>
          </p>
        </div>
        <NetworkPicture label={words.picture} />
      </section>
      <AbilityNotes needs={needs} />
      <Runs />
      <OpenRun />
      {keptDeploymentKey() !== undefined && <LaterPage load={loadStoragePanel} props={{}} />}
    </>
  );
}

function Runs() {
  const words = homeWords();
  const isArchiveShown = useSignal(false);
  const { runs, error } = useRuns(isArchiveShown.value);
  return (
    <section aria-labelledby="runs-title">
      <h2 id="runs-title">{words.runs}</h2>
      <p class="muted">{words.listed}</p>
      {error && (
        <p class="error" role="alert">
          {inPageLanguage(error)}
        </p>
      )}
      {runs === null && !error && <p aria-busy="true">{words.loading}</p>}
      {runs?.length === 0 && (
        <div class="card empty">
          <h3>{words.nothingYet}</h3>
          <p>{words.nothingYetMore}</p>
        </div>
      )}
      {runs && runs.length > 0 && <RunList runs={runs} />}
      {runs && (
        <label class="check">
          <input
            type="checkbox"
            checked={isArchiveShown.value}
            onChange={event => (isArchiveShown.value = event.currentTarget.checked)}
          />
          {words.archivedToo}
        </label>
      )}
    </section>
  );
}

interface Listed {
  /** Null until the platform has told. */
  readonly runs: readonly RunListing[] | null;
  readonly error: string | null;
}

/**
 * The runs that this browser may find, those in the archive only if they are wanted, asked for again and again. What was told last stays while the
 * platform is away.
 */
function useRuns(isArchiveShown: boolean): Listed {
  const listed = useSignal<Listed>({ runs: null, error: null });
  useEffect(() => {
    const closing = new AbortController();
    const refresh = async (): Promise<void> => {
      try {
        const asked = { signal: closing.signal, archived: isArchiveShown, known: knownRuns() };
        const runs = await listRuns(platformSource, asked);
        listed.value = { runs: runs.filter(({ archived }) => isArchiveShown || !archived), error: null };
      } catch (reason) {
        if (!closing.signal.aborted) listed.value = { ...listed.value, error: errorText(reason) };
      }
    };
    void refresh();
    // A hidden tab does not ask, and asks at once when it is shown again.
    const look = (): void => void (document.hidden || refresh());
    const timer = setInterval(look, REFRESH_MS);
    document.addEventListener('visibilitychange', look, { signal: closing.signal });
    return () => {
      clearInterval(timer);
      closing.abort();
    };
  }, [isArchiveShown]);
  return listed.value;
}
