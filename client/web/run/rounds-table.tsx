import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { RoundView } from '../../../shared/protocol/run-view.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { formatBytes, formatCount, formatDuration, formatLoss, formatPercent } from '../ui/format.ts';
import { ScrollBox } from '../ui/scroll-box.tsx';
import { chartWords } from '../words/chart-words.ts';

interface RoundsTableProps {
  readonly rounds: readonly RoundView[];
  readonly openedAt: number | null;
}

type Counted = Pick<RoundView, 'updates' | 'late' | 'weightsOf'>;

export const countOf = ({ updates }: Pick<RoundView, 'updates'>): number =>
  Object.values(updates).reduce<number>((sum, count = 0) => sum + count, 0);

function describeUpdates(round: Counted): string {
  const words = chartWords();
  if (round.weightsOf !== undefined) return words.backToVersion(round.weightsOf);
  return round.late
    ? words.ofThemLate(formatCount(countOf(round)), formatCount(round.late))
    : formatCount(countOf(round));
}

function describeAccuracy({ accuracy, unconfirmed }: RoundView): string {
  const value = formatPercent(accuracy);
  return unconfirmed ? chartWords().notConfirmed(value) : value;
}

const cellsOf = (round: RoundView, begin: number): readonly string[] => [
  String(round.round),
  formatDuration(round.at - begin),
  describeUpdates(round),
  describeAccuracy(round),
  formatLoss(round.testLoss),
  formatBytes(round.bytesUp),
  formatBytes(round.bytesDown),
];

/** What the charts are drawn from, for whoever wants to read or to copy it. It is made when somebody looks. */
export function RoundsTable({ rounds, openedAt }: RoundsTableProps) {
  const words = chartWords();
  const isOpen = useSignal(false);
  const table = useRef<HTMLTableElement>(null);
  return (
    <details class="rounds-table" onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}>
      <summary>{words.table}</summary>
      {isOpen.value && (
        <>
          <CopyButton
            words={words}
            textOf={() => tabbedText(rounds, openedAt)}
            select={() => table.current && selectAll(table.current)}
          />
          <ScrollBox label={words.table}>
            <table ref={table} data-testid="rounds-table">
              <caption>{words.caption(rounds.length)}</caption>
              <thead>
                <tr>
                  {Object.values(words.columns).map((name, i) => (
                    <th key={name} scope="col" class={i === 2 ? '' : 'number'}>
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <Rows rounds={rounds} openedAt={openedAt} />
            </table>
          </ScrollBox>
        </>
      )}
    </details>
  );
}

function Rows({ rounds, openedAt }: RoundsTableProps) {
  const begin = openedAt ?? rounds[0]?.at ?? 0;
  return (
    <tbody>
      {rounds.toReversed().map(round => (
        <tr key={round.round}>
          {cellsOf(round, begin).map((cell, i) => (
            <td key={i} class={i === 2 ? '' : 'number'}>
              {cell}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

/** As a spreadsheet takes it. */
function tabbedText(rounds: readonly RoundView[], openedAt: number | null): string {
  const begin = openedAt ?? rounds[0]?.at ?? 0;
  const rows = [Object.values(chartWords().columns), ...rounds.map(round => cellsOf(round, begin))];
  return rows.map(cells => cells.join('\t')).join('\n');
}

function selectAll(element: Element): void {
  getSelection()?.selectAllChildren(element);
}
