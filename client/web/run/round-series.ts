import type { RoundView } from '../../../shared/protocol/run-view.ts';
import { rolesInOrder } from '../../host/role-order.ts';
import { roleColor } from '../ui/role-color.ts';
import type { Series } from '../ui/series.ts';

/** What the accuracy chart is drawn from: in per cent, with the target as a line of its own. */
export const accuracySeries = (rounds: readonly RoundView[], target: number): Series[] => [
  {
    label: 'test',
    color: '--accuracy',
    values: rounds.map(({ accuracy }) => (accuracy === null ? null : accuracy * 100)),
  },
  { label: 'target', color: '--target', isDashed: true, values: rounds.map(() => target * 100) },
];

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
