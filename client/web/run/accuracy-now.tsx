import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import type { RunView, TestedView } from '../../../shared/protocol/run-view.ts';
import { isClosing } from '../../../shared/view/run-progress.ts';
import type { ShownAccuracy } from '../../../shared/view/shown-accuracy.ts';
import { formatClock, formatPercent } from '../ui/format.ts';
import { runWords } from '../words/run-words.ts';
import { testedNow } from './tested-version.ts';

interface AccuracyNowProps {
  readonly view: RunView;
  readonly spec: RunSpec;
}

/** How good the network is: of a version that is named, and tested at a time that is told. */
export function AccuracyNow({ view, spec }: AccuracyNowProps) {
  const words = runWords();
  const { shown, tested } = testedNow(view);
  const { targetAccuracy: target, stopAtTarget } = spec;
  const isHigh = shown !== null && shown.accuracy >= target;
  const isReached = isHigh && !shown.unconfirmed;
  return (
    <div class={isReached ? 'accuracy-now reached' : 'accuracy-now'}>
      {shown ? <TestedNow tested={shown} view={view} /> : <NotTested tested={tested} view={view} />}
      <p class="muted">{words.target(formatPercent(target), isReached)}</p>
      {shown?.unconfirmed && (
        <Unconfirmed
          isOver={view.phase === 'finished'}
          goesOn={isHigh && stopAtTarget && view.phase !== 'finished' && !isClosing(view)}
        />
      )}
      <span class="target-bar" aria-hidden="true">
        <span class="target-fill" style={{ width: `${(shown?.accuracy ?? 0) * 100}%` }} />
        <span class="target-mark" style={{ left: `${target * 100}%` }} />
      </span>
    </div>
  );
}

function TestedNow({ tested, view }: { tested: ShownAccuracy; view: RunView }) {
  const words = runWords();
  const { version, accuracy, at } = tested;
  const isLast = tested.isNewest && (view.phase === 'finished' || isClosing(view));
  const told = [words.accuracyOf(version, isLast), ...(at === null ? [] : [words.testedAt(formatClock(at))])];
  return (
    <>
      <p class="big-number" data-testid="accuracy" data-value={accuracy} data-version={version}>
        {formatPercent(accuracy)}
      </p>
      <p class="muted" data-testid="tested">
        {told.join(', ')}
      </p>
      {!tested.isNewest && !isClosing(view) && (
        <p class="muted note" data-testid="newer-untested">
          {words.newerUntested(view.version)}
        </p>
      )}
    </>
  );
}

function NotTested({ tested, view }: { tested: TestedView | null; view: RunView }) {
  const words = runWords();
  const isOver = view.phase === 'finished';
  return (
    <>
      <p class="big-number untested" data-testid="accuracy" data-value="">
        {isOver ? words.notTested : words.notTestedYet}
      </p>
      <p class="muted" data-testid="tested">
        {whyNotTested(view)}
        {tested && ` ${describeOlder(tested)}`}
      </p>
    </>
  );
}

function whyNotTested({ version, phase }: RunView): string {
  const words = runWords();
  if (version === 0) return words.untrained;
  return phase === 'finished' ? words.lastUntested(version) : words.newerUntested(version);
}

const describeOlder = ({ version, accuracy, at }: TestedView): string =>
  runWords().olderReached(version, formatPercent(accuracy), at === null ? null : formatClock(at));

/** [EVAL13] Why an accuracy is only somebody's word, and what helps. */
function Unconfirmed({ isOver, goesOn }: { isOver: boolean; goesOn: boolean }) {
  const words = runWords();
  const told = isOver
    ? [words.unconfirmedAtEnd]
    : [words.unconfirmed, ...(goesOn ? [words.unconfirmedGoesOn] : []), words.unconfirmedHelp];
  return (
    <p class="muted note" data-testid="unconfirmed">
      {told.join(' ')}
    </p>
  );
}
