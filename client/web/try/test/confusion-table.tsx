import type { TestResult } from '../../../trainer/trainer-api.ts';
import { formatCount } from '../../ui/format.ts';
import { testWords } from '../../words/test-words.ts';

interface ConfusionTableProps {
  readonly result: TestResult;
  readonly names: readonly string[];
}

/** Which class was taken for which: a row for each class, a column for what the network said. The diagonal is right. */
export function ConfusionTable({ result: { confusion }, names }: ConfusionTableProps) {
  const words = testWords();
  const classes = names.length;
  return (
    <details class="confusion">
      <summary>{words.confusion}</summary>
      <p class="muted note">{words.confusionMore}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever scrolls by keyboard must be able to reach it */}
      <section class="table-scroll" tabIndex={0} aria-label={words.confusion}>
        <table class="confusion-table" aria-label={words.confusion}>
          <thead>
            <tr>
              <th scope="col">{words.isAndSaid}</th>
              {names.map(name => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((name, label) => {
              const row = confusion.subarray(label * classes, (label + 1) * classes);
              return <Row key={name} name={name} label={label} row={row} />;
            })}
          </tbody>
        </table>
      </section>
    </details>
  );
}

function Row({ name, label, row }: { name: string; label: number; row: Uint32Array }) {
  const total = row.reduce((sum, count) => sum + count, 0);
  return (
    <tr>
      <th scope="row">{name}</th>
      {Array.from(row, (count, said) => (
        <td
          key={said}
          class={said === label ? 'right' : 'wrong'}
          style={{ '--share': total === 0 ? 0 : count / total }}
        >
          {count === 0 ? '·' : formatCount(count)}
        </td>
      ))}
    </tr>
  );
}
