import { useSignal } from '@preact/signals';
import type { Visibility } from '../../../shared/protocol/visibility.ts';
import type { RunHost } from '../../platform/run-host.ts';
import { hostWords } from '../words/host-words.ts';
import { ActError, useAct } from './use-act.tsx';
import { useHostDetails } from './use-host-details.ts';

interface RunVisibilityProps {
  readonly run: string;
  readonly host: RunHost;
}

/** Says who finds the run in the list, and lets its host change that. A platform of an older release lists every run. */
export function RunVisibility({ run, host }: RunVisibilityProps) {
  const words = hostWords();
  const act = useAct();
  const told = useHostDetails(run)?.visibility;
  const changed = useSignal<Visibility | null>(null);
  const visibility = changed.value ?? told;
  if (visibility === undefined) return null;
  const other: Visibility = visibility === 'public' ? 'unlisted' : 'public';
  const change = (): void =>
    void act.run(async () => {
      await host.setVisibility(other);
      changed.value = other;
    });
  return (
    <>
      <p class="muted note" role="status" data-testid="run-visibility">
        {visibility === 'public' ? words.isPublic : words.isUnlisted}
      </p>
      <div class="switches">
        <button
          type="button"
          class="secondary"
          disabled={act.isBusy}
          data-testid="host-visibility"
          onClick={change}
        >
          {visibility === 'public' ? words.unlist : words.publish}
        </button>
      </div>
      <ActError act={act} />
    </>
  );
}
