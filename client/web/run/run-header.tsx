import { shortRunId } from '../../../shared/protocol/id-pattern.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { isClosing, runProgress } from '../../../shared/view/run-progress.ts';
import { shownAccuracy } from '../../../shared/view/shown-accuracy.ts';
import { isTicking, trainedMs } from '../../../shared/view/trained-time.ts';
import { waitingFor } from '../../../shared/view/why-waiting.ts';
import type { RunFacts } from '../state/live-run.ts';
import { useNow } from '../state/use-now.ts';
import { formatDuration, formatMoment, formatPercent } from '../ui/format.ts';
import { PhaseBadge } from '../ui/phase-badge.tsx';
import { eventWords } from '../words/event-words.ts';
import { inPageLanguage } from '../words/language.ts';
import { runWords } from '../words/run-words.ts';
import { AccuracyNow } from './accuracy-now.tsx';

interface RunHeaderProps {
  readonly facts: RunFacts;
  readonly view: RunView;
  readonly isConnected: boolean;
}

/** What the run is, how far it has come, and how good its network is. The page's heading stands above it. */
export function RunHeader({ facts, view, isConnected }: RunHeaderProps) {
  const words = runWords();
  const { spec } = facts;
  const pause = eventWords().explainPause({
    ...view,
    whyDetail: view.whyDetail && inPageLanguage(view.whyDetail),
  });
  return (
    <section class="run-header" aria-label={words.now}>
      <div class="run-title">
        <Subtitle facts={facts} view={view} isConnected={isConnected} />
        {facts.archived && <p class="note">{words.archived}</p>}
        {pause && <p class="note">{pause}</p>}
        <TakenBackNote view={view} />
        {view.phase === 'finished' && (
          <p class="note">
            {words.finishedWhy(eventWords().whyFinished(view.why))}
            {isTargetMissed(view, spec) && ` ${words.targetMissed(formatPercent(spec.targetAccuracy))}`}
          </p>
        )}
        {isClosing(view) && (
          <p class="note" role="status" data-testid="closing">
            {words.closing(view.version)}
          </p>
        )}
        {view.checking && (
          <p class="note" role="status" data-testid="checking">
            {words.checking(view.checking.version, view.checking.turn)}
          </p>
        )}
        <WaitingNote view={view} spec={spec} />
        <RoundProgress view={view} rounds={spec.rounds} />
      </div>
      <AccuracyNow view={view} spec={spec} />
    </section>
  );
}

function Subtitle({ facts: { run, spec, model, archived }, view, isConnected }: RunHeaderProps) {
  const words = runWords();
  return (
    <p class="muted run-subtitle">
      <PhaseBadge phase={view.phase} isArchived={archived} />
      <span>
        {model.name} · {spec.plan.name} · {spec.dataset.name}
      </span>
      <span data-testid="which-run">
        {view.openedAt !== null && `${words.openedOn(formatMoment(view.openedAt))} · `}
        <abbr title={words.idHint}>{shortRunId(run)}</abbr>
      </span>
      {!isConnected && (
        <span class="reconnecting" role="status" data-testid="connection">
          {words.reconnecting}
        </span>
      )}
    </p>
  );
}

/** Nothing else on the page tells a run that waits from one that works. */
function WaitingNote({ view, spec }: { view: RunView; spec: RunSpec }) {
  const waiting = waitingFor(view, spec, useNow(view.phase === 'open'));
  if (!waiting) return null;
  return (
    <p class="note" role="status" data-testid="waiting">
      {runWords().waits(eventWords().waiting(waiting))}
    </p>
  );
}

/** A round that runs is told by its number. A run at rest, and one that is over, by the rounds that are done. */
function RoundProgress({ view, rounds }: { view: RunView; rounds: number }) {
  const words = runWords();
  const { done, working } = runProgress(view, rounds);
  const isRunning = working !== null && view.phase === 'open';
  return (
    <div class="round-progress">
      <p>
        <span data-testid="round" data-done={done}>
          {isRunning ? words.roundOf(working, rounds) : words.roundsDone(done, rounds)}
        </span>
        <span class="muted">
          {words.version} <span data-testid="version">{view.version}</span>
        </span>
        <Elapsed view={view} />
      </p>
      {view.phase !== 'finished' && (
        <progress value={done} max={rounds} aria-label={words.roundsDone(done, rounds)} />
      )}
    </div>
  );
}

/** A component of its own, so that the clock's tick draws nothing else. */
function Elapsed({ view }: { view: RunView }) {
  const trained = trainedMs(view, useNow(isTicking(view)));
  if (trained === null) return null;
  return (
    <span class="muted" data-testid="elapsed" title={runWords().elapsed}>
      {formatDuration(trained)}
    </span>
  );
}

/** When the run went back to an older version last, and why. */
function TakenBackNote({ view: { takenBack } }: { view: RunView }) {
  if (!takenBack) return null;
  const { round, from, to, why, detail } = takenBack;
  return (
    <p class="note" data-testid="taken-back">
      {runWords().takenBack(round, why === 'host', from, to, detail && inPageLanguage(detail))}
    </p>
  );
}

/** Whether the last version was tested and is worse than what its host wanted. */
const isTargetMissed = (view: RunView, { targetAccuracy }: RunSpec): boolean => {
  const tested = shownAccuracy(view);
  return view.why === 'rounds' && tested?.isNewest === true && tested.accuracy < targetAccuracy;
};
