import type { RoundView } from '../../../shared/protocol/run-view.ts';
import { rolesInOrder } from '../../host/role-order.ts';
import { formatLoss, formatPercent } from '../ui/format.ts';
import { LineChart } from '../ui/line-chart.tsx';
import { roleColor } from '../ui/role-color.ts';
import type { Series } from '../ui/series.ts';

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

const accuracySeries = (rounds: readonly RoundView[], target: number): Series[] => [
  {
    label: 'test',
    color: '--accuracy',
    values: rounds.map(({ accuracy }) => (accuracy === null ? null : accuracy * 100)),
  },
  { label: 'target', color: '--target', isDashed: true, values: rounds.map(() => target * 100) },
];

/** Roles that never trained have no line. */
function lossSeries(rounds: readonly RoundView[]): Series[] {
  const training: Series[] = rolesInOrder
    .filter(role => rounds.some(({ loss }) => loss[role] !== undefined))
    .map(role => ({
      label: `${role} in training`,
      color: roleColor(role),
      values: rounds.map(({ loss }) => loss[role] ?? null),
    }));
  const test: Series = { label: 'test', color: '--accuracy', values: rounds.map(({ testLoss }) => testLoss) };
  return [test, ...training];
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
