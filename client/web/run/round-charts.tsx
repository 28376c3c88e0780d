import type { RoundView } from '../../../shared/protocol/run-view.ts';
import { formatLoss, formatPercent, plural } from '../ui/format.ts';
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
      <LateUpdates round={rounds.at(-1)} />
      <WeakerRule round={rounds.at(-1)} />
      <RoundsTable rounds={rounds} />
    </section>
  );
}

type Counted = Pick<RoundView, 'updates' | 'late' | 'weightsOf'>;

const countOf = ({ updates }: Counted): number =>
  Object.values(updates).reduce<number>((sum, count = 0) => sum + count, 0);

const describeUpdates = (round: Counted): string =>
  round.weightsOf !== undefined
    ? `none: back to version ${round.weightsOf}`
    : round.late
      ? `${countOf(round)}, ${round.late} late`
      : String(countOf(round));

/** Late updates of the round that came out last: they were trained for earlier rounds, and weigh less. */
function LateUpdates({ round }: { round: RoundView | undefined }) {
  if (!round?.late) return null;
  return (
    <p class="muted" data-testid="late">
      {round.late} of the {plural(countOf(round), 'update')} in round {round.round} came late and weigh less.
    </p>
  );
}

/** Roles of the round that came out last that had too few updates for the run's rule. */
function WeakerRule({ round }: { round: RoundView | undefined }) {
  const weaker = Object.entries(round?.fallback ?? {});
  if (!round || weaker.length === 0) return null;
  const roles = weaker.map(([role, rule]) => `${role} by ${rule}`).join(', ');
  return (
    <p class="muted" data-testid="weaker-rule">
      Round {round.round} had too few updates for the run’s rule, so they counted by a weaker one: {roles}.
    </p>
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
            <th scope="col">Updates</th>
            <th scope="col">Accuracy</th>
            <th scope="col">Test loss</th>
          </tr>
        </thead>
        <tbody>
          {rounds.slice(-10).map(({ round, accuracy, testLoss, unconfirmed, ...counted }) => (
            <tr key={round}>
              <td>{round}</td>
              <td>{describeUpdates(counted)}</td>
              <td>{formatPercent(accuracy) + (unconfirmed ? ', not confirmed' : '')}</td>
              <td>{formatLoss(testLoss)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
