import type { ExampleKind } from '../../../shared/protocol/dataset.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import type { VolunteerStatus } from '../../volunteer/volunteer-status.ts';
import { formatBytes, formatCount, formatLoss, formatPercent } from '../ui/format.ts';
import { RoleBadge } from '../ui/role-badge.tsx';
import { SaidSeldom } from '../ui/said-seldom.tsx';
import { inPageLanguage } from '../words/language.ts';
import { volunteerWords } from '../words/volunteer-words.ts';
import { MannersFields } from './manners/manners-fields.tsx';
import { PersonNote } from './person-note.tsx';
import type { VolunteerSession } from './volunteer-session.ts';

function headlineOf(session: VolunteerSession, { phase }: Pick<RunView, 'phase'>): string {
  const words = volunteerWords();
  const { activity, role } = session.status.value;
  if (activity === 'stopped' && phase === 'finished') return words.done;
  if (!session.isRunning.value) return words.activities[activity];
  if (session.guest.resting.value !== null) return words.restingNow;
  // The work in hand is given back first, which takes a moment.
  if (session.guest.isPaused.value && activity !== 'paused') return words.pausing;
  if (activity === 'training' && role === 'evaluator') return words.testing;
  return words.activities[activity];
}

const describeBackend = ({ backend, threads }: VolunteerStatus): string =>
  backend !== null && threads > 1 ? volunteerWords().backendThreads(backend, threads) : (backend ?? '–');

interface VolunteerWorkProps {
  readonly session: VolunteerSession;
  readonly view: RunView;
  readonly kind: ExampleKind;
}

/** What this browser is doing, and the buttons to pause and stop it. */
export function VolunteerWork({ session, view, kind }: VolunteerWorkProps) {
  const words = volunteerWords();
  const status = session.status.value;
  const totals = session.totals.value;
  const { activity, role, progress } = status;
  const mine = status.volunteer === null ? undefined : view.volunteers[status.volunteer];
  const isBusy = ['downloading', 'training', 'uploading'].includes(activity);
  return (
    <div class="volunteer-work" data-testid="volunteer-work" data-volunteer={status.volunteer ?? ''}>
      <p class="work-headline">
        <strong data-testid="volunteer-activity" data-activity={activity}>
          {headlineOf(session, view)}
        </strong>
        {role && <RoleBadge of={role} />}
      </p>
      <WorkSaid session={session} view={view} contributions={mine?.updates ?? totals.contributions} />
      {session.isRunning.value && (
        <progress
          value={isBusy ? progress : 0}
          max={1}
          aria-label={words.task}
          aria-valuetext={isBusy ? formatPercent(progress) : words.noTask}
        />
      )}
      <RestNote session={session} />
      <WorkNotes session={session} />
      <PersonNote session={session} />
      <dl class="figures">
        <Figure
          name={words.contributions}
          testid="contributions"
          value={formatCount(mine?.updates ?? totals.contributions)}
        />
        <Figure name={words.loss} value={formatLoss(status.loss)} />
        <Figure name={words.perSecond(kind)} value={pacesOf(status)} />
        <Figure name={words.backend} testid="backend" value={describeBackend(status)} />
        <Figure name={words.sent} testid="bytes-up" value={formatBytes(totals.bytesUp)} />
        <Figure name={words.received} testid="bytes-down" value={formatBytes(totals.bytesDown)} />
      </dl>
      {session.isRunning.value && <WorkSwitches session={session} />}
      {session.isRunning.value && (
        <details class="device-fields">
          <summary>{words.manners}</summary>
          <MannersFields />
        </details>
      )}
    </div>
  );
}

interface WorkSaidProps {
  readonly session: VolunteerSession;
  readonly view: Pick<RunView, 'phase'>;
  readonly contributions: number;
}

/** The steps of a task follow each other in seconds, so they are one state here. */
function WorkSaid({ session, view, contributions }: WorkSaidProps) {
  const words = volunteerWords();
  const { activity } = session.status.value;
  const isAtWork =
    session.isRunning.value && !session.isPaused.value && !['starting', 'paused'].includes(activity);
  const state = isAtWork ? words.activities.training : headlineOf(session, view);
  const told = words.cardContributions(contributions, formatCount(contributions));
  return <SaidSeldom state={state} text={isAtWork ? `${state}: ${told}` : state} />;
}

const pacesOf = ({ samplesPerSecond }: VolunteerStatus): string =>
  samplesPerSecond === null ? '–' : formatCount(samplesPerSecond);

/** Why the device rests, and a button that lets it work nevertheless. */
function RestNote({ session }: { session: VolunteerSession }) {
  const words = volunteerWords();
  const reason = session.guest.resting.value;
  if (reason === null || !session.isRunning.value) return null;
  return (
    <div class="rest-note" role="status" data-testid="rest-note">
      <p class="note">{words.resting[reason]}</p>
      <button type="button" class="secondary" onClick={() => session.guest.override()}>
        {words.trainAnyway}
      </button>
      <small class="muted">{words.trainAnywayHint}</small>
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
  const words = volunteerWords();
  const { activity, note, unsent, setAside, standing, fallback, refused, checking, checked } =
    session.status.value;
  const isWorthTelling = note !== null && !['paused', 'stopped', 'failed'].includes(activity);
  return (
    <>
      {isWorthTelling && (
        <p class="muted note" data-testid="volunteer-note">
          {inPageLanguage(note)}
        </p>
      )}
      {(checking !== null || checked > 0) && (
        <p class="muted note" data-testid="volunteer-checking">
          {checking === null ? words.checked(checked) : words.checks(checking)}
        </p>
      )}
      {unsent && (
        <p class="note" role="status" data-testid="volunteer-unsent">
          {upperFirst(inPageLanguage(unsent))}.
        </p>
      )}
      {standing && (
        <p class="note" role="status" data-testid="volunteer-standing">
          {inPageLanguage(standing)}.
        </p>
      )}
      {setAside && <p class="note">{upperFirst(inPageLanguage(setAside))}.</p>}
      {session.isFinishing.value && session.isRunning.value && <p class="note">{words.lastTask}</p>}
      {fallback && (
        <p class="muted note" data-testid="volunteer-fallback">
          {inPageLanguage(fallback)}
        </p>
      )}
      {refused > 0 && <p class="note">{words.refused(refused)}</p>}
      {session.error.value && (
        <p class="error" role="alert" data-testid="volunteer-error">
          {inPageLanguage(session.error.value)}
        </p>
      )}
    </>
  );
}

function WorkSwitches({ session }: { session: VolunteerSession }) {
  const words = volunteerWords();
  const isPaused = session.guest.isPaused.value;
  return (
    <div class="switches">
      <button
        type="button"
        class="secondary"
        onClick={() => (isPaused ? session.resume() : session.pause())}
        data-testid="pause-volunteering"
      >
        {isPaused ? words.resume : words.pause}
      </button>
      <button
        type="button"
        class="secondary outline"
        onClick={() => session.stop()}
        data-testid="stop-volunteering"
      >
        {words.stop}
      </button>
      <button
        type="button"
        class="secondary outline wide"
        disabled={session.isFinishing.value}
        onClick={() => session.finishThenStop()}
        data-testid="finish-volunteering"
      >
        {words.finishThenStop}
      </button>
    </div>
  );
}
