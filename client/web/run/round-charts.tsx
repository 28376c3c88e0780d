import { useMemo } from 'preact/hooks';
import type { ExampleKind } from '../../../shared/protocol/dataset.ts';
import type { RoundView } from '../../../shared/protocol/run-view.ts';
import { rolesInOrder } from '../../host/role-order.ts';
import { type ChartChoices, chartChoices, chooseChart } from '../state/chart-choices.ts';
import { formatDuration, formatLoss, formatPercent } from '../ui/format.ts';
import { LineChart } from '../ui/line-chart.tsx';
import type { ChartAxes } from '../ui/series.ts';
import { chartWords } from '../words/chart-words.ts';
import { eventWords } from '../words/event-words.ts';
import { accuracyCaption, lossCaption } from './round-captions.ts';
import { accuracySeries, lossSeries, percentOf } from './round-series.ts';
import { countOf, RoundsTable } from './rounds-table.tsx';

interface RoundChartsProps {
  readonly kind: ExampleKind;
  readonly rounds: readonly RoundView[];
  readonly target: number;
  readonly openedAt: number | null;
}

/** Accuracy and loss along the rounds or the time: as pictures, in words and as a table. */
export function RoundCharts({ rounds, target, openedAt, kind }: RoundChartsProps) {
  const words = chartWords();
  return (
    <section class="card" aria-labelledby="charts-title">
      <h2 id="charts-title">{words.title}</h2>
      {rounds.length === 0 ? (
        <p class="muted">{words.nothingYet}</p>
      ) : (
        <Charts rounds={rounds} target={target} openedAt={openedAt} kind={kind} />
      )}
      <LateUpdates round={rounds.at(-1)} />
      <WeakerRule round={rounds.at(-1)} />
      {rounds.length > 0 && <RoundsTable rounds={rounds} openedAt={openedAt} />}
    </section>
  );
}

function Charts({ rounds, target, openedAt, kind }: RoundChartsProps) {
  const words = chartWords();
  const { along, isError } = chartChoices.value;
  const isTime = along === 'time';
  const begin = openedAt ?? rounds[0]?.at ?? 0;
  const x = useMemo(
    () => rounds.map(({ round, at }) => (isTime ? (at - begin) / 1_000 : round)),
    [rounds, isTime, begin],
  );
  const accuracy = useMemo(
    () => accuracySeries(rounds, target, percentOf(isError)),
    [rounds, target, isError],
  );
  const loss = useMemo(() => lossSeries(rounds), [rounds]);
  const places = {
    placeOf: (index: number | null) => placeOf(rounds, index, isTime, begin),
    withPlace: (value: string, index: number) => words.ofVersion(value, rounds[index]?.version ?? index + 1),
  };
  const named = { x, ...places, keys: words.keys, kind: words.chart };
  const axes = { xLabel: isTime ? words.timeAxis : words.roundAxis, isTime };
  return (
    <>
      <ChartSwitches choices={chartChoices.value} />
      <div class="charts">
        <LineChart
          {...named}
          title={isError ? words.error(kind) : words.accuracy(kind)}
          summary={accuracyCaption(rounds, target, isError)}
          axes={percentAxes(axes, isError)}
          series={accuracy}
          format={value => formatPercent(value === null ? null : value / 100)}
        />
        <LineChart
          {...named}
          title={words.loss}
          summary={lossCaption(rounds)}
          axes={{ ...axes, yLabel: words.lossAxis, isLog: false }}
          series={loss}
          format={formatLoss}
        />
      </div>
    </>
  );
}

const percentAxes = (axes: Pick<ChartAxes, 'xLabel' | 'isTime'>, isError: boolean): ChartAxes => ({
  ...axes,
  yLabel: chartWords().percentAxis(isError),
  isLog: isError,
  ...(isError ? {} : { range: [0, 100] }),
});

function placeOf(rounds: readonly RoundView[], index: number | null, isTime: boolean, begin: number): string {
  const words = chartWords();
  const round = index === null ? rounds.at(-1) : rounds[index];
  if (!round) return '';
  const place = words.round(round.round);
  const told = isTime ? words.after(place, formatDuration(round.at - begin)) : place;
  return index === null ? words.latest(told) : told;
}

function ChartSwitches({ choices: { along, isError } }: { choices: ChartChoices }) {
  const words = chartWords();
  return (
    <div class="chart-switches">
      <label>
        {words.along}
        <select
          value={along}
          data-testid="charts-along"
          onChange={({ currentTarget }) =>
            chooseChart({ along: currentTarget.value === 'time' ? 'time' : 'rounds' })
          }
        >
          <option value="rounds">{words.byRound}</option>
          <option value="time">{words.byTime}</option>
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={isError}
          onChange={({ currentTarget }) => chooseChart({ isError: currentTarget.checked })}
        />
        {words.asError}
      </label>
    </div>
  );
}

/** Late updates of the round that came out last: they were trained for earlier rounds, and weigh less. */
function LateUpdates({ round }: { round: RoundView | undefined }) {
  if (!round?.late) return null;
  return (
    <p class="muted" data-testid="late">
      {chartWords().late(round.late, countOf(round), round.round)}
    </p>
  );
}

/** Roles of the round that came out last that had too few updates for the run's rule. */
function WeakerRule({ round }: { round: RoundView | undefined }) {
  const words = chartWords();
  const told = rolesInOrder.flatMap(role => {
    const rule = round?.fallback?.[role];
    return rule ? [words.weakerRole(eventWords().role(role), rule)] : [];
  });
  if (!round || told.length === 0) return null;
  return (
    <p class="muted" data-testid="weaker-rule">
      {words.weaker(round.round, told.join(', '))}
    </p>
  );
}
