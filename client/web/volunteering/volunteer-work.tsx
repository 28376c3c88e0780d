import type { Role } from '../../../shared/protocol/identifiers.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import type { Activity, VolunteerStatus } from '../../volunteer/volunteer-status.ts';
import { formatBytes, formatLoss, formatPercent, plural } from '../ui/format.ts';
import { RoleBadge } from '../ui/role-badge.tsx';
import { PersonNote } from './person-note.tsx';
import type { VolunteerSession } from './volunteer-session.ts';

const activities: Readonly<Record<Activity, string>> = {
  starting: 'Starting',
  waiting: 'Waiting',
  downloading: 'Downloading',
  training: 'Training',
  uploading: 'Uploading',
  paused: 'Paused',
  stopped: 'Stopped',
  failed: 'Stopped by an error',
};

function headline(activity: Activity, role: Role | null): string {
  if (activity === 'training' && role === 'evaluator') return 'Testing the newest version';
  return activities[activity];
}

/** `wasm, 2 threads` */
const describeBackend = ({ backend, threads }: VolunteerStatus): string =>
  threads > 1 ? `${backend}, ${threads} threads` : (backend ?? '–');

/** What this browser is doing, and the buttons to pause and stop it. */
export function VolunteerWork({ session, view }: { session: VolunteerSession; view: RunView }) {
  const status = session.status.value;
  const { activity, role, progress } = status;
  const mine = status.volunteer === null ? undefined : view.volunteers[status.volunteer];
  const isBusy = ['downloading', 'training', 'uploading'].includes(activity);
  return (
    <div class="volunteer-work" data-testid="volunteer-work" data-volunteer={status.volunteer ?? ''}>
      <p class="work-headline">
        <strong data-testid="volunteer-activity" data-activity={activity}>
          {headline(activity, role)}
        </strong>
        {role && <RoleBadge of={role} />}
      </p>
      <progress
        value={isBusy ? progress : 0}
        max={1}
        aria-label="Task in hand"
        aria-valuetext={isBusy ? formatPercent(progress) : 'no task in hand'}
      />
      <WorkNotes session={session} />
      <PersonNote session={session} />
      <dl class="figures">
        <Figure name="Contributions" testid="contributions" value={mine?.updates ?? status.contributions} />
        <Figure name="Loss" value={formatLoss(status.loss)} />
        <Figure name="Pictures/s" value={status.samplesPerSecond?.toFixed(0) ?? '–'} />
        <Figure name="Backend" testid="backend" value={describeBackend(status)} />
        <Figure name="Sent" value={formatBytes(status.bytesUp)} />
        <Figure name="Received" value={formatBytes(status.bytesDown)} />
      </dl>
      {session.isRunning.value && <WorkSwitches session={session} />}
    </div>
  );
}

function Figure({ name, value, testid }: { name: string; value: string | number; testid?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-testid={testid}>{value}</dd>
    </div>
  );
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function WorkNotes({ session }: { session: VolunteerSession }) {
  const { activity, note, unsent, setAside, standing, fallback, refused, checking, checked } =
    session.status.value;
  const isWorthTelling = note !== null && !['paused', 'stopped', 'failed'].includes(activity);
  return (
    <>
      {isWorthTelling && (
        <p class="muted note" data-testid="volunteer-note">
          {note}
        </p>
      )}
      {(checking !== null || checked > 0) && (
        <p class="muted note" data-testid="volunteer-checking">
          {checking === null
            ? `As referee it has checked ${plural(checked, 'version')}.`
            : `As referee it checks version ${checking} before it is out.`}
        </p>
      )}
      {unsent && (
        <p class="note" role="status" data-testid="volunteer-unsent">
          {upperFirst(unsent)}.
        </p>
      )}
      {standing && (
        <p class="note" role="status" data-testid="volunteer-standing">
          {standing}.
        </p>
      )}
      {setAside && <p class="note">{upperFirst(setAside)}.</p>}
      {session.isFinishing.value && session.isRunning.value && (
        <p class="note">This is the last task. After it this browser stops.</p>
      )}
      {fallback && (
        <p class="muted note" data-testid="volunteer-fallback">
          {fallback}
        </p>
      )}
      {refused > 0 && <p class="note">{refused} of its updates were refused.</p>}
      {session.error.value && (
        <p class="error" role="alert" data-testid="volunteer-error">
          {session.error.value}
        </p>
      )}
    </>
  );
}

function WorkSwitches({ session }: { session: VolunteerSession }) {
  const isPaused = session.isPaused.value;
  return (
    <div class="switches">
      <button
        type="button"
        class="secondary"
        onClick={() => (isPaused ? session.resume() : session.pause())}
        data-testid="pause-volunteering"
      >
        {isPaused ? 'Resume' : 'Pause'}
      </button>
      <button
        type="button"
        class="secondary outline"
        onClick={() => session.stop()}
        data-testid="stop-volunteering"
      >
        Stop
      </button>
      <button
        type="button"
        class="secondary outline wide"
        disabled={session.isFinishing.value}
        onClick={() => session.finishThenStop()}
        data-testid="finish-volunteering"
      >
        Finish this task, then stop
      </button>
    </div>
  );
}
