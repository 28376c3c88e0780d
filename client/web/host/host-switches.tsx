import type { ControlAction } from '../../../shared/protocol/messages.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { hostWords } from '../words/host-words.ts';
import { AskTwice } from './ask-twice.tsx';

const actionIn = { draft: 'open', open: 'pause', paused: 'resume' } as const;

interface HostSwitchesProps {
  readonly phase: RunView['phase'];
  /** [CLOSE2] [CLOSE5] Whether the run comes to its end. Then it can be finished without its test, and nothing else. */
  readonly isClosing: boolean;
  readonly isBusy: boolean;
  readonly onAct: (action: ControlAction) => void;
}

/** Opens, pauses, resumes and finishes the run. */
export function HostSwitches({ phase, isClosing, isBusy, onAct }: HostSwitchesProps) {
  const words = hostWords();
  if (phase === 'finished') return null;
  const action = actionIn[phase];
  const end = isClosing ? 'finish-now' : 'finish';
  const said = isClosing
    ? { text: words.finishNow, yes: words.finishNowYes }
    : { text: words.finish, yes: words.finishYes };
  return (
    <div class="switches">
      {!isClosing && (
        <button
          type="button"
          data-testid={`host-${action}`}
          aria-busy={isBusy ? true : undefined}
          disabled={isBusy}
          onClick={() => onAct(action)}
        >
          {words[action]}
        </button>
      )}
      <AskTwice key={end} {...said} testid={`host-${end}`} isBusy={isBusy} onYes={() => onAct(end)} />
    </div>
  );
}
