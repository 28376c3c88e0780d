import type { ExampleKind } from '../../../../shared/protocol/dataset.ts';
import type { TestResult } from '../../../trainer/trainer-api.ts';
import { formatCount, formatPercent } from '../../ui/format.ts';
import { testWords } from '../../words/test-words.ts';
import { classFigures } from './class-figures.ts';

interface ClassTableProps {
  readonly result: TestResult;
  readonly names: readonly string[];
  readonly kind: ExampleKind;
}

/** How well each class is told from the others. */
export function ClassTable({ result, names, kind }: ClassTableProps) {
  const words = testWords();
  const figures = classFigures(result);
  return (
    <div class="table-scroll">
      <table class="class-table">
        <caption>{words.byClass}</caption>
        <thead>
          <tr>
            <th scope="col">{words.class}</th>
            <th scope="col">{words.right}</th>
            <th scope="col">{words.examples(kind)}</th>
            <th scope="col">{words.mistakenFor}</th>
          </tr>
        </thead>
        <tbody>
          {figures.map(({ label, examples, correct, mistakenFor }) => {
            const share = examples === 0 ? null : correct / examples;
            return (
              <tr key={label}>
                <th scope="row">{names[label]}</th>
                <td>
                  <span class="share-bar" aria-hidden="true">
                    <span style={{ width: `${100 * (share ?? 0)}%` }} />
                  </span>
                  {formatPercent(share)}
                </td>
                <td>{formatCount(examples)}</td>
                <td>{mistakenFor === null ? '–' : names[mistakenFor]}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
