import { explainPause } from '../../../shared/protocol/pause.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { whyWaiting } from '../../../shared/view/why-waiting.ts';
import type { RunFacts } from '../state/live-run.ts';
import { useNow } from '../state/use-now.ts';
import { formatDuration, formatPercent } from '../ui/format.ts';
import { PhaseBadge } from '../ui/phase-badge.tsx';
import { describeWhy } from './describe-event.ts';

interface RunHeaderProps {
  readonly facts: RunFacts;
  readonly view: RunView;
  readonly isConnected: boolean;
}

/** What the run is, how far it has come, and how good its network is. */
export function RunHeader({ facts: { spec, model }, view, isConnected }: RunHeaderProps) {
  const pause = explainPause(view);
  return (
    <section class="run-header" aria-label="The run now">
      <div class="run-title">
        <h1>{spec.name}</h1>
        <p class="muted run-subtitle">
          <PhaseBadge phase={view.phase} />
          <span>
            {model.name} · {spec.plan.name} · {spec.dataset.name}
          </span>
          {!isConnected && (
            <span class="reconnecting" role="status" data-testid="connection">
              reconnecting…
            </span>
          )}
        </p>
        {pause && <p class="note">{pause}</p>}
        <TakenBackNote view={view} />
        {view.phase === 'finished' && <p class="note">Finished: {describeWhy(view.why)}.</p>}
        {view.checking && (
          <p class="note" role="status" data-testid="checking">
            {describeChecking(view.checking)}
          </p>
        )}
        <Waiting view={view} spec={spec} />
        <RoundProgress view={view} rounds={spec.rounds} />
      </div>
      <AccuracyNow view={view} spec={spec} />
    </section>
  );
}

const describeChecking = ({ version, turn }: NonNullable<RunView['checking']>): string =>
  turn === 1
    ? `A referee checks version ${version} before it is out.`
    : `Version ${version} would have made the network worse. A referee checks it again, without the harmful updates.`;

/** Nothing else on the page tells a run that waits from one that works. */
function Waiting({ view, spec }: { view: RunView; spec: RunSpec }) {
  const waiting = whyWaiting(view, spec, useNow(view.phase === 'open'));
  return (
    waiting && (
      <p class="note" role="status" data-testid="waiting">
        The run is {waiting}.
      </p>
    )
  );
}

function RoundProgress({ view, rounds }: { view: RunView; rounds: number }) {
  const done = view.version;
  const round = Math.min(view.round, rounds);
  return (
    <div class="round-progress">
      <p>
        <span>
          Round <strong data-testid="round">{round}</strong> of {rounds}
        </span>
        <span class="muted">
          version <span data-testid="version">{view.version}</span>
        </span>
        <Elapsed openedAt={view.openedAt} finishedAt={view.finishedAt} />
      </p>
      <progress value={done} max={rounds} aria-label={`${done} of ${rounds} rounds done`} />
    </div>
  );
}

/** A component of its own, so that the clock's tick draws nothing else. */
function Elapsed({ openedAt, finishedAt }: Pick<RunView, 'openedAt' | 'finishedAt'>) {
  const now = useNow(finishedAt === null && openedAt !== null);
  if (openedAt === null) return null;
  return (
    <span class="muted" data-testid="elapsed">
      {formatDuration((finishedAt ?? now) - openedAt)}
    </span>
  );
}

/** When the run went back to an older version last, and why. */
function TakenBackNote({ view: { takenBack } }: { view: RunView }) {
  if (!takenBack) return null;
  const { round, from, to, why, detail } = takenBack;
  return (
    <p class="note" data-testid="taken-back">
      In round {round} {why === 'host' ? 'the host took the run' : 'the run went'} back from version {from} to
      version {to}
      {detail === undefined ? '' : `, since its accuracy fell: ${detail}`}.
    </p>
  );
}

function AccuracyNow({ view, spec }: { view: RunView; spec: RunSpec }) {
  const { accuracy, unconfirmed, phase } = view;
  const { targetAccuracy: target, stopAtTarget } = spec;
  const isHigh = accuracy !== null && accuracy >= target;
  const isReached = isHigh && !unconfirmed;
  return (
    <div class={isReached ? 'accuracy-now reached' : 'accuracy-now'}>
      <span class="big-number" data-testid="accuracy" data-value={accuracy ?? ''}>
        {formatPercent(accuracy)}
      </span>
      <span class="muted">
        accuracy{isReached ? ', target reached: ' : ', target '}
        {formatPercent(target)}
      </span>
      {accuracy !== null && unconfirmed && (
        <Unconfirmed goesOn={isHigh && stopAtTarget && phase !== 'finished'} />
      )}
      <span class="target-bar" aria-hidden="true">
        <span class="target-fill" style={{ width: `${(accuracy ?? 0) * 100}%` }} />
        <span class="target-mark" style={{ left: `${target * 100}%` }} />
      </span>
    </div>
  );
}

/** [EVAL13] Why an accuracy is only somebody's word, and what helps. */
function Unconfirmed({ goesOn }: { goesOn: boolean }) {
  return (
    <span class="muted note" data-testid="unconfirmed">
      not confirmed: that needs a referee, or two volunteers who have helped and did not train this version.
      {goesOn && ' Until then the run goes on, to its last round or until its host ends it.'} The host’s own
      tab is a referee.
    </span>
  );
}
