import { costTable } from '../../../shared/cost/platform-cost.ts';
import { pricesReadOn } from '../../../shared/cost/platform-prices.ts';
import type { RunFacts } from '../state/live-run.ts';
import { formatBytes, formatCount, formatDate, formatDollars } from '../ui/format.ts';
import { ScrollBox } from '../ui/scroll-box.tsx';
import { hostWords } from '../words/host-words.ts';

/** What a run would cost its platform's owner, at three sizes of crowd. */
export function CostTable({ facts: { spec, model } }: { facts: RunFacts }) {
  const words = hostWords();
  const rows = costTable(spec, model);
  return (
    <>
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
            {rows.map(row => (
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
      {rows[0] && <p class="muted note">{words.costsPlan(formatDollars(rows[0].planUSDAMonth))}</p>}
    </>
  );
}
