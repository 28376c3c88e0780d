import type { RoundView } from '../../../shared/protocol/run-view.ts';
import { formatLoss, formatPercent } from '../ui/format.ts';
import { LineChart } from '../ui/line-chart.tsx';
import { accuracySeries, lossSeries } from './round-series.ts';

interface RoundChartsProps {
  readonly rounds: readonly RoundView[];
  readonly target: number;
}

/** Accuracy and loss by round, as pictures and, for screen readers, as figures. */
export function RoundCharts({ rounds, target }: RoundChartsProps) {
  const numbers = rounds.map(({ round }) => round);
  const last = rounds.findLast(({ accuracy }) => accuracy !== null);
  return (
    <section class="card" aria-labelledby="charts-title">
      <h2 id="charts-title">Learning</h2>
      {rounds.length === 0 && <p class="muted">The first figures come with the first version.</p>}
      <div class="charts" hidden={rounds.length === 0}>
        <LineChart
          title="Accuracy by round, %"
          summary={
            last
              ? `${formatPercent(last.accuracy)} after round ${last.round}; the target is ${formatPercent(target)}`
              : 'not tested yet'
          }
          x={numbers}
          series={accuracySeries(rounds, target)}
          range={[0, 100]}
        />
        <LineChart
          title="Loss by round"
          summary={lossSeries(rounds)
            .map(({ label, values }) => `${label} ${formatLoss(values.findLast(value => value !== null))}`)
            .join(', ')}
          x={numbers}
          series={lossSeries(rounds)}
        />
      </div>
      <RoundsTable rounds={rounds} />
    </section>
  );
}

function RoundsTable({ rounds }: { rounds: readonly RoundView[] }) {
  return (
    <div class="visually-hidden">
      <table data-testid="rounds-table">
        <caption>The latest rounds</caption>
        <thead>
          <tr>
            <th scope="col">Round</th>
            <th scope="col">Accuracy</th>
            <th scope="col">Test loss</th>
          </tr>
        </thead>
        <tbody>
          {rounds.slice(-10).map(({ round, accuracy, testLoss }) => (
            <tr key={round}>
              <td>{round}</td>
              <td>{formatPercent(accuracy)}</td>
              <td>{formatLoss(testLoss)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
