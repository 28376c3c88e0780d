import { useSignal } from '@preact/signals';
import type { RoundView, RunView } from '../../../shared/protocol/run-view.ts';
import { isClosing } from '../../../shared/view/run-progress.ts';
import { platformClient } from '../state/platform-client.ts';
import { formatPercent } from '../ui/format.ts';
import { hostWords } from '../words/host-words.ts';

export type TakenBackView = Pick<RunView, 'phase' | 'closing' | 'version' | 'rounds'>;

interface TakeBackProps {
  readonly run: string;
  readonly view: TakenBackView;
  readonly onChoose: (version: number) => void;
  readonly onError: (reason: unknown) => void;
}

/**
 * The host's way back to an older version. It asks the platform which are kept, and then once more before it returns: all
 * that was trained since that version is lost.
 */
export function TakeBack({ run, view, onChoose, onError }: TakeBackProps) {
  const words = hostWords();
  const kept = useSignal<readonly number[] | null>(null);
  const chosen = useSignal<number | null>(null);
  const ask = async (): Promise<void> => {
    const versions = await platformClient.keptVersions(run);
    const older = versions.filter(version => version < view.version).toReversed();
    [kept.value, chosen.value] = [older, older[0] ?? null];
  };
  const isAtWork = (view.phase === 'open' || view.phase === 'paused') && !isClosing(view);
  if (!isAtWork || view.version === 0) return null;
  if (kept.value === null)
    return (
      <div class="switches">
        <button
          type="button"
          class="secondary outline wide"
          data-testid="host-take-back"
          onClick={() => void ask().catch(onError)}
        >
          {words.takeBack}
        </button>
      </div>
    );
  const version = chosen.value;
  return (
    <fieldset class="take-back">
      <label>
        {words.takeBackTo}
        <select
          data-testid="kept-versions"
          value={version ?? ''}
          onChange={({ currentTarget }) => (chosen.value = Number(currentTarget.value))}
        >
          {kept.value.map(each => (
            <option key={each} value={each}>
              {describeVersion(each, view.rounds)}
            </option>
          ))}
        </select>
      </label>
      <p class="note">{words.takeBackNote}</p>
      {version !== null && (
        <button
          type="button"
          class="contrast"
          data-testid="host-take-back-yes"
          onClick={() => {
            kept.value = null;
            onChoose(version);
          }}
        >
          {words.takeBackYes(version)}
        </button>
      )}
      <button type="button" class="secondary outline" onClick={() => (kept.value = null)}>
        {words.stayHere}
      </button>
    </fieldset>
  );
}

function describeVersion(version: number, rounds: readonly RoundView[]): string {
  const { accuracy = null, unconfirmed } = rounds.find(round => round.version === version) ?? {};
  return accuracy === null
    ? hostWords().version(version)
    : hostWords().versionWith(version, formatPercent(accuracy), !unconfirmed);
}
