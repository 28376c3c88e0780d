import { useSignal } from '@preact/signals';
import type { PlatformCost } from '../../../shared/cost/platform-cost.ts';
import { pricesReadOn } from '../../../shared/cost/platform-prices.ts';
import type { RunFacts } from '../state/live-run.ts';
import { formatBytes, formatCount, formatDate, formatDollars } from '../ui/format.ts';
import { ScrollBox } from '../ui/scroll-box.tsx';
import { hostWords } from '../words/host-words.ts';

/** What the run would cost its platform's owner at three sizes of crowd. It is reckoned when somebody looks. */
export function Costs({ facts: { spec, model } }: { facts: RunFacts }) {
  const words = hostWords();
  const rows = useSignal<readonly PlatformCost[]>([]);
  const reckon = async (): Promise<void> => {
    const { costTable } = await import('../../../shared/cost/platform-cost.ts');
    rows.value = costTable(spec, model);
  };
  return (
    <details class="host-key" onToggle={() => void reckon()}>
      <summary>{words.costs}</summary>
      <p class="muted note">{words.costsNote(formatDate(Date.parse(`${pricesReadOn}T12:00`)))}</p>
      <ScrollBox label={words.costs}>
        <table class="costs" aria-label={words.costs} data-testid="costs">
          <thead>
            <tr>
              <th scope="col">{words.costsVolunteers}</th>
              <th scope="col">{words.costsRun}</th>
              <th scope="col">{words.costsKept}</th>
            </tr>
          </thead>
          <tbody>
            {rows.value.map(row => (
              <tr key={row.volunteers}>
                <th scope="row" class="number">
                  {formatCount(row.volunteers)}
                </th>
                <td class="number">{formatDollars(row.runUSD)}</td>
                <td class="number">
                  {formatBytes(row.keptGB * 1e9)}, {formatDollars(row.keptUSDAMonth)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {rows.value[0] && (
        <p class="muted note">{words.costsPlan(formatDollars(rows.value[0].planUSDAMonth))}</p>
      )}
    </details>
  );
}
