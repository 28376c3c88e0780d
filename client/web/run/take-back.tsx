import { useSignal } from '@preact/signals';
import type { RoundView, RunView } from '../../../shared/protocol/run-view.ts';
import { platformClient } from '../state/platform-client.ts';
import { formatPercent } from '../ui/format.ts';

export type TakenBackView = Pick<RunView, 'phase' | 'version' | 'rounds'>;

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
  const kept = useSignal<readonly number[] | null>(null);
  const chosen = useSignal<number | null>(null);
  const ask = async (): Promise<void> => {
    const versions = await platformClient.keptVersions(run);
    const older = versions.filter(version => version < view.version).toReversed();
    [kept.value, chosen.value] = [older, older[0] ?? null];
  };
  if (view.phase === 'draft' || view.phase === 'finished' || view.version === 0) return null;
  if (kept.value === null)
    return (
      <button
        type="button"
        class="secondary outline"
        data-testid="host-take-back"
        onClick={() => void ask().catch(onError)}
      >
        Return to an older version…
      </button>
    );
  const version = chosen.value;
  return (
    <fieldset class="take-back">
      <label>
        Return to
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
      <p class="note">
        All that was trained after that version is lost, and so is the round at hand. Everybody gets new
        tasks.
      </p>
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
          Return to version {version}
        </button>
      )}
      <button type="button" class="secondary outline" onClick={() => (kept.value = null)}>
        Stay here
      </button>
    </fieldset>
  );
}

function describeVersion(version: number, rounds: readonly RoundView[]): string {
  const { accuracy = null, unconfirmed } = rounds.find(round => round.version === version) ?? {};
  if (accuracy === null) return `version ${version}`;
  return `version ${version}: ${formatPercent(accuracy)}${unconfirmed ? ', not confirmed' : ''}`;
}
