import { datasetShape, exampleKind } from '../../../../shared/protocol/dataset.ts';
import type { TestResult } from '../../../trainer/trainer-api.ts';
import type { RunFacts } from '../../state/live-run.ts';
import { formatPercent } from '../../ui/format.ts';
import { testWords } from '../../words/test-words.ts';
import { PixelCanvas } from '../pixel-canvas.tsx';

interface WrongAnswersProps {
  readonly facts: RunFacts;
  readonly result: TestResult;
  readonly names: readonly string[];
}

/** The wrongly answered pictures, the most confident first. */
export function WrongAnswers({ facts, result: { wrong }, names }: WrongAnswersProps) {
  const words = testWords();
  const { dataset } = facts.spec;
  const kind = exampleKind(dataset);
  if (wrong.length === 0) return <p>{words.noneWrong(kind)}</p>;
  return (
    <>
      <h3>{words.wrongTitle}</h3>
      <ul class="wrong-answers" data-testid="wrong-answers">
        {wrong.map(({ index, label, said, picture }) => (
          <li key={index}>
            {kind === 'picture' && <PixelCanvas pixels={picture} shape={datasetShape(dataset)} />}
            <span>
              {words.isSaid(names[label] ?? '', names[said.label] ?? '', formatPercent(said.share, 0))}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
