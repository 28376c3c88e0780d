import type { RoundView } from '../../../shared/protocol/run-view.ts';
import { formatLoss, formatPercent } from '../ui/format.ts';
import { chartWords } from '../words/chart-words.ts';

interface Tested {
  readonly round: number;
  readonly accuracy: number;
}

/** What the accuracy chart shows, in sentences. */
export function accuracyCaption(rounds: readonly RoundView[], target: number, isError: boolean): string {
  const words = chartWords();
  const shown = (accuracy: number): string => formatPercent(isError ? 1 - accuracy : accuracy);
  const tested = rounds.flatMap(({ round, accuracy }): Tested[] =>
    accuracy === null ? [] : [{ round, accuracy }],
  );
  const [first, last] = [tested[0], tested.at(-1)];
  const goal = words.target(shown(target));
  if (!first || !last) return `${words.notTested} ${goal}`;
  if (first === last) return `${words.accuracyOnce(shown(last.accuracy), last.round)} ${goal}`;
  const best = tested.reduce((most, one) => (one.accuracy > most.accuracy ? one : most));
  return [
    words.accuracyCaption(shown(first.accuracy), first.round, shown(last.accuracy), last.round),
    ...(best === last ? [] : [words.best(shown(best.accuracy), best.round)]),
    goal,
  ].join(' ');
}

/** What the loss chart shows, in sentences. */
export function lossCaption(rounds: readonly RoundView[]): string {
  const words = chartWords();
  const tested = rounds.flatMap(({ testLoss }) => (testLoss === null ? [] : [testLoss]));
  const [first, last] = [tested[0], tested.at(-1)];
  if (first === undefined || last === undefined) return `${words.notTested} ${words.lossMeans}`;
  const told =
    tested.length === 1
      ? words.lossOnce(formatLoss(last))
      : words.lossCaption(formatLoss(first), formatLoss(last));
  return `${told} ${words.lossMeans}`;
}
