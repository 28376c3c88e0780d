import type { RoundView } from '../../../shared/protocol/run-view.ts';
import { rolesInOrder } from '../../host/role-order.ts';
import { roleColor } from '../ui/role-color.ts';
import type { Series } from '../ui/series.ts';

const percentOf = ({ accuracy }: RoundView): number | null => (accuracy === null ? null : accuracy * 100);

/**
 * What the accuracy chart is drawn from: in per cent, with the target as a line of its own. What nobody confirmed has
 * another line, and so has the last way back to an older version.
 */
export const accuracySeries = (rounds: readonly RoundView[], target: number): Series[] => [
  {
    label: 'test',
    color: '--accuracy',
    values: rounds.map(round => (round.unconfirmed ? null : percentOf(round))),
  },
  ...unconfirmedSeries(rounds),
  ...returnSeries(rounds),
  { label: 'target', color: '--target', isDashed: true, values: rounds.map(() => target * 100) },
];

const unconfirmedSeries = (rounds: readonly RoundView[]): Series[] =>
  rounds.some(({ unconfirmed }) => unconfirmed)
    ? [
        {
          label: 'not confirmed',
          color: '--accuracy',
          isDashed: true,
          values: rounds.map(round => (round.unconfirmed ? percentOf(round) : null)),
        },
      ]
    : [];

/** From the version that the run returned to last to the one that has its weights. */
function returnSeries(rounds: readonly RoundView[]): Series[] {
  const back = rounds.findLast(({ weightsOf }) => weightsOf !== undefined);
  if (!back) return [];
  const isEnd = ({ version }: RoundView): boolean => version === back.version || version === back.weightsOf;
  return [
    {
      label: `back to version ${back.weightsOf}`,
      color: '--error',
      isDashed: true,
      values: rounds.map(round => (isEnd(round) ? percentOf(round) : null)),
    },
  ];
}

/** What the loss chart is drawn from. A role that never trained has no line. */
export function lossSeries(rounds: readonly RoundView[]): Series[] {
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
