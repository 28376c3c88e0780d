import { inPageLanguage } from '../../words/language.ts';
import '../../styles/try.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { bodySegments, parametersOf } from '../../../../shared/protocol/model-outline.ts';
import type { RunView } from '../../../../shared/protocol/run-view.ts';
import type { RunFacts } from '../../state/live-run.ts';
import { platformClient } from '../../state/platform-client.ts';
import { formatBytes, formatPercent } from '../../ui/format.ts';
import { downloadWords } from '../../words/download-words.ts';
import { useDownload } from './use-download.ts';

/** Of the page that is in every zip, packed. */
const PAGE_BYTES = 300_000;

export type TakenView = Pick<RunView, 'version' | 'best' | 'rounds' | 'untrained'>;

/** The network of a run as files. */
export function TakeAway({ facts, view }: { facts: RunFacts; view: TakenView }) {
  const words = downloadWords();
  const { version } = view;
  const { download, start } = useDownload(facts);
  const { kept, askAgain } = useKeptVersions(facts.run, version);
  const chosen = useSignal<number | null>(null);
  const { share, saved, warning, problem } = download.value;
  const number = chosen.value ?? version;
  const weightBytes = 4 * bodySegments(facts.model).reduce((sum, segment) => sum + parametersOf(segment), 0);
  return (
    <section class="card take-away" aria-labelledby="download-title" data-testid="take-away">
      <h2 id="download-title">{words.title}</h2>
      <p class="muted">{words.intro}</p>
      {kept.length > 1 && (
        <label>
          {words.version}
          <select
            value={number}
            onFocus={askAgain}
            onChange={event => {
              const wanted = Number(event.currentTarget.value);
              chosen.value = wanted === version ? null : wanted;
            }}
          >
            {kept.map(each => (
              <option key={each} value={each}>
                {describeVersion(each, view)}
              </option>
            ))}
          </select>
        </label>
      )}
      <button
        type="button"
        class="wide"
        data-testid="download-zip"
        disabled={share !== null}
        onClick={() => void start(number, 'zip')}
      >
        {words.zip(number, formatBytes(3 * weightBytes + PAGE_BYTES))}
      </button>
      <button
        type="button"
        class="secondary outline wide"
        data-testid="download-safetensors"
        disabled={share !== null}
        onClick={() => void start(number, 'safetensors')}
      >
        {words.safetensors(formatBytes(weightBytes))}
      </button>
      {share !== null && (
        <progress value={share} max={1} aria-label={words.progress(formatPercent(share, 0))} />
      )}
      <div role="status">
        {saved !== null && <p class="note">{words.saved(saved)}</p>}
        {warning !== null && <p class="note">{words.warning(inPageLanguage(warning))}</p>}
      </div>
      {problem !== null && (
        <p class="error" role="alert">
          {words.failed(problem)}
        </p>
      )}
      <details>
        <summary>{words.whatIsInIt}</summary>
        <dl class="files">
          {words.files.map(([name, what]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  );
}

/** With its accuracy if it was tested, and whether it is the newest or the best one. */
function describeVersion(version: number, { version: newest, best, rounds, untrained }: TakenView): string {
  const words = downloadWords();
  const round = rounds.findLast(each => each.version === version);
  const tested = [best, untrained].find(each => each?.version === version) ?? round;
  return words.versionOption(version, {
    isNewest: version === newest,
    isBest: version === best?.version,
    accuracy: typeof tested?.accuracy === 'number' ? formatPercent(tested.accuracy) : null,
  });
}

/** What a run's platform has told when the newest version was this one. */
interface ToldVersions {
  readonly run: string;
  readonly versions: readonly number[];
  readonly upTo: number;
}

interface KeptVersions {
  /** The newest first. If the platform does not say, only the newest is offered. */
  readonly kept: readonly number[];
  /** Asks which are kept now. */
  readonly askAgain: () => void;
}

/**
 * The versions that can be had. What comes out while the page is open is kept too. To ask for each of them would be a request
 * a round from every page, so the page asks again only if somebody wants to choose.
 */
function useKeptVersions(run: string, newest: number): KeptVersions {
  const told = useSignal<ToldVersions | null>(null);
  const known = told.value?.run === run ? told.value : null;
  const ask = (signal?: AbortSignal): Promise<void> =>
    platformClient.keptVersions(run, signal).then(
      versions => {
        told.value = { run, versions, upTo: newest };
      },
      () => {},
    );
  useEffect(() => {
    if (known) return;
    const closing = new AbortController();
    void ask(closing.signal);
    return () => closing.abort();
    // A platform that did not reply is asked again with the next version.
  }, [run, known ? null : newest]);
  const { versions, upTo } = known ?? { versions: [], upTo: newest };
  const since = Array.from({ length: Math.max(0, newest - upTo) }, (_, i) => upTo + 1 + i);
  return {
    kept: [...new Set([newest, ...[...versions, ...since].toReversed()])],
    askAgain: () => void (upTo === newest || ask()),
  };
}
