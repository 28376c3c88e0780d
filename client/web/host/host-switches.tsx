import { useSignal } from '@preact/signals';
import type { ControlAction } from '../../../shared/protocol/messages.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { hostWords } from '../words/host-words.ts';

type Phase = RunView['phase'];

const actionsIn: Readonly<Record<Phase, readonly ('open' | 'pause' | 'resume')[]>> = {
  draft: ['open'],
  open: ['pause'],
  paused: ['resume'],
  finished: [],
};

interface HostSwitchesProps {
  readonly phase: Phase;
  readonly isBusy: boolean;
  readonly onAct: (action: ControlAction) => void;
}

/** Opens, pauses, resumes and finishes the run. */
export function HostSwitches({ phase, isBusy, onAct }: HostSwitchesProps) {
  const words = hostWords();
  if (phase === 'finished') return null;
  return (
    <div class="switches">
      {actionsIn[phase].map(action => (
        <button
          key={action}
          type="button"
          data-testid={`host-${action}`}
          aria-busy={isBusy ? true : undefined}
          disabled={isBusy}
          onClick={() => onAct(action)}
        >
          {words[action]}
        </button>
      ))}
      <FinishButton onFinish={() => onAct('finish')} />
    </div>
  );
}

/** A finished run cannot be opened again, so the button asks twice. */
function FinishButton({ onFinish }: { onFinish: () => void }) {
  const words = hostWords();
  const isAsked = useSignal(false);
  if (!isAsked.value)
    return (
      <button
        type="button"
        class="secondary outline"
        data-testid="host-finish"
        onClick={() => (isAsked.value = true)}
      >
        {words.finish}
      </button>
    );
  return (
    <>
      <button type="button" class="contrast" data-testid="host-finish-yes" onClick={onFinish}>
        {words.finishYes}
      </button>
      <button type="button" class="secondary outline" onClick={() => (isAsked.value = false)}>
        {words.notYet}
      </button>
    </>
  );
}
