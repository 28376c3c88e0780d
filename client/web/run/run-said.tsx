import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { isClosing, runProgress } from '../../../shared/view/run-progress.ts';
import { formatPercent } from '../ui/format.ts';
import { SaidSeldom } from '../ui/said-seldom.tsx';
import { runWords } from '../words/run-words.ts';
import { shellWords } from '../words/shell-words.ts';
import { testedNow } from './tested-version.ts';

/** Tells a screen reader now and then how far the run is and how good, and at once if it pauses, goes on or ends. */
export function RunSaid({ view, rounds }: { view: RunView; rounds: RunSpec['rounds'] }) {
  const words = runWords();
  const { shown } = testedNow(view);
  const isLast = shown?.isNewest === true && (view.phase === 'finished' || isClosing(view));
  const accuracy = shown
    ? `${formatPercent(shown.accuracy)}, ${words.accuracyOf(shown.version, isLast)}`
    : words.notTestedYet;
  const done = words.roundsDone(runProgress(view, rounds).done, rounds);
  return <SaidSeldom state={view.phase} text={`${shellWords().phases[view.phase]}: ${done}. ${accuracy}.`} />;
}
