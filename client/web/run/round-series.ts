import type { RoundView } from '../../../shared/protocol/run-view.ts';
import { rolesInOrder } from '../../host/role-order.ts';
import { roleColor } from '../ui/role-color.ts';
import type { Series } from '../ui/series.ts';
import { chartWords } from '../words/chart-words.ts';
import { eventWords } from '../words/event-words.ts';

type Share = (accuracy: number) => number;

/** What of a share of right answers is drawn, in per cent. */
export const percentOf =
  (isError: boolean): Share =>
  accuracy =>
    (isError ? 1 - accuracy : accuracy) * 100;

/** What is drawn of a round. Null if nobody tested its version. */
const drawnOf = ({ accuracy }: RoundView, drawn: Share): number | null =>
  accuracy === null ? null : drawn(accuracy);

/**
 * What the accuracy chart is drawn from: in per cent, with the target as a line of its own. What nobody confirmed has
 * another line, and so has the last way back to an older version.
 */
export const accuracySeries = (
  rounds: readonly RoundView[],
  target: number,
  drawn = percentOf(false),
): Series[] => [
  ...testSeries(rounds, drawn),
  ...returnSeries(rounds, drawn),
  {
    label: chartWords().targetLine,
    color: '--target',
    isDashed: true,
    values: rounds.map(() => drawn(target)),
  },
];

/** A line of what is confirmed, and one of what is not. Of one that would have no point, the other is left. */
function testSeries(rounds: readonly RoundView[], drawn: Share): Series[] {
  const { test, unconfirmed } = chartWords();
  const lineOf = (label: string, isDoubted: boolean): Series => ({
    label,
    color: '--accuracy',
    ...(isDoubted && { isDashed: true }),
    values: rounds.map(round => ((round.unconfirmed === true) === isDoubted ? drawnOf(round, drawn) : null)),
  });
  const doubted = lineOf(unconfirmed, true);
  const confirmed = lineOf(test, false);
  if (doubted.values.every(value => value === null)) return [confirmed];
  return confirmed.values.every(value => value === null) ? [doubted] : [confirmed, doubted];
}

/** From the version that the run returned to last to the one that has its weights. */
function returnSeries(rounds: readonly RoundView[], drawn: Share): Series[] {
  const back = rounds.findLast(({ weightsOf }) => weightsOf !== undefined);
  if (back?.weightsOf === undefined) return [];
  const isEnd = ({ version }: RoundView): boolean => version === back.version || version === back.weightsOf;
  return [
    {
      label: chartWords().backTo(back.weightsOf),
      color: '--error',
      isDashed: true,
      values: rounds.map(round => (isEnd(round) ? drawnOf(round, drawn) : null)),
    },
  ];
}

/** What the loss chart is drawn from. A role that never trained has no line. */
export function lossSeries(rounds: readonly RoundView[]): Series[] {
  const training: Series[] = rolesInOrder
    .filter(role => rounds.some(({ loss }) => loss[role] !== undefined))
    .map(role => ({
      label: chartWords().inTraining(eventWords().role(role)),
      color: roleColor(role),
      values: rounds.map(({ loss }) => loss[role] ?? null),
    }));
  const test: Series = {
    label: chartWords().test,
    color: '--accuracy',
    values: rounds.map(({ testLoss }) => testLoss),
  };
  return [test, ...training];
}
