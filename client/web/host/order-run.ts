import type { ControlAction } from '../../../shared/protocol/messages.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { isClosing } from '../../../shared/view/run-progress.ts';
import { RefusedError } from '../../platform/call-platform.ts';
import { platformClient } from '../state/platform-client.ts';

/**
 * Opens, pauses, resumes or finishes a run. If another tab of the host has just done so, the run is as it was wanted, and that
 * is no error.
 * @throws RefusedError
 */
export async function orderRun(run: string, action: ControlAction, hostKey: string): Promise<void> {
  try {
    await platformClient.control(run, action, hostKey);
  } catch (error) {
    const isTooLate = error instanceof RefusedError && error.reason === 'run-not-open';
    if (!isTooLate || !isDone(action, (await platformClient.run(run)).view)) throw error;
  }
}

function isDone(action: ControlAction, view: RunView): boolean {
  switch (action) {
    case 'open':
    case 'resume':
      return view.phase === 'open' && !isClosing(view);
    case 'pause':
      return view.phase === 'paused';
    case 'finish':
      return view.phase === 'finished' || isClosing(view);
    case 'finish-now':
      return view.phase === 'finished';
  }
}
