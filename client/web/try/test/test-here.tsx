import '../../styles/try.css';
import { classNamesOf } from '../../../../shared/protocol/class-names-of.ts';
import { type Dataset, exampleKind } from '../../../../shared/protocol/dataset.ts';
import type { RunFacts } from '../../state/live-run.ts';
import { formatBytes, formatPercent, formatTime } from '../../ui/format.ts';
import { testWords } from '../../words/test-words.ts';
import { accuracyOf } from './class-figures.ts';
import { ClassTable } from './class-table.tsx';
import { ConfusionTable } from './confusion-table.tsx';
import { type ShownTest, useTest } from './use-test.ts';
import { WrongAnswers } from './wrong-answers.tsx';

/** The viewer's own check of a run's newest version, on this device. */
export function TestHere({ facts, version }: { facts: RunFacts; version: number }) {
  const words = testWords();
  const { test, problem, running, start, stop } = useTest(facts);
  const shown = test.value;
  const kind = exampleKind(facts.spec.dataset);
  return (
    <section class="card test-here" aria-labelledby="test-title" data-testid="test-here">
      <h2 id="test-title">{words.title}</h2>
      <p class="muted">{words.intro(testBytes(facts.spec.dataset), kind)}</p>
      {running.value ? (
        <button type="button" class="secondary" onClick={stop}>
          {words.stop}
        </button>
      ) : (
        <button type="button" data-testid="test-here-start" onClick={() => void start(version)}>
          {words.start(version)}
        </button>
      )}
      {running.value && shown && (
        <progress
          value={shown.share}
          max={1}
          aria-label={words.progress(formatPercent(shown.share, 0), kind)}
        />
      )}
      {problem.value !== null && (
        <p class="error" role="alert">
          {problem.value === 'gone' ? words.gone(shown?.version ?? version) : words.failed(problem.value.why)}
        </p>
      )}
      {shown?.result && <Found facts={facts} shown={shown} />}
    </section>
  );
}

function Found({ facts, shown }: { facts: RunFacts; shown: ShownTest }) {
  const words = testWords();
  const { result, version, at } = shown;
  const names = classNamesOf(facts.spec.dataset);
  const kind = exampleKind(facts.spec.dataset);
  if (!result) return null;
  return (
    <>
      <p role={at === null ? undefined : 'status'} data-testid="test-here-accuracy">
        <strong class="test-accuracy">{formatPercent(accuracyOf(result))}</strong>{' '}
        {at === null
          ? words.soFar(version, result.examples, kind)
          : words.testedAt(version, formatTime(at), result.examples, kind)}
      </p>
      <ClassTable result={result} names={names} kind={kind} />
      {names.length <= MOST_SHOWN && <ConfusionTable result={result} names={names} />}
      <WrongAnswers facts={facts} result={result} names={names} />
    </>
  );
}

/** A matrix of more classes is too large to read; the table of classes names what each is mistaken for. */
const MOST_SHOWN = 40;

/** What a test downloads of the data; null if nothing is. */
function testBytes(dataset: Dataset): string | null {
  if (dataset.kind === 'glyphs') return null;
  return formatBytes(dataset.test.reduce((sum, { bytes }) => sum + bytes, 0));
}
