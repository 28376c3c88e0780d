import type { Activity } from '../../volunteer/volunteer-status.ts';
import { runHref } from '../state/router.ts';
import { useIsOnline } from '../state/use-is-online.ts';
import { currentSession } from '../volunteering/current-session.ts';
import type { VolunteerSession } from '../volunteering/volunteer-session.ts';
import { shellWords } from '../words/shell-words.ts';

type SessionState = 'offline' | 'paused' | 'waiting' | 'training';

/** Says on every page what this tab does for its run, and leads to where it can be stopped. */
export function SessionLink() {
  const session = currentSession.value;
  const isOnline = useIsOnline();
  if (!session?.isRunning.value) return null;
  const state = stateOf(session, isOnline);
  const words = shellWords();
  return (
    <li>
      <a
        href={runHref(session.run)}
        class="session-link"
        data-state={state}
        aria-label={words.thisTab(words[state])}
      >
        <span class="pulse" aria-hidden="true" />
        {words[state]}
      </a>
    </li>
  );
}

const atWork: readonly Activity[] = ['downloading', 'training', 'uploading'];

/** An update that a platform does not take counts as offline: the device may go on, but nobody hears of it. */
function stateOf(session: VolunteerSession, isOnline: boolean): SessionState {
  const { activity, unsent } = session.status.value;
  if (session.isPaused.value || activity === 'paused') return 'paused';
  if (!isOnline || unsent !== null) return 'offline';
  return atWork.includes(activity) ? 'training' : 'waiting';
}
