import type { EventBody } from '../protocol/events.ts';
import type { RoundView, RunView, TestedView } from '../protocol/run-view.ts';

type Core = Omit<RunView, 'rounds' | 'volunteers'>;
type Evaluated = Extract<EventBody, { type: 'version-evaluated' }>;

/** What the ledger says of a judged version. */
export const testedOf = (
  { version, accuracy, loss, confirmed }: Omit<Evaluated, 'type' | 'examples'>,
  at: number | null,
): TestedView => ({
  ...{ version, accuracy, loss, at },
  ...(confirmed === false && { unconfirmed: true }),
});

/** [VIEW8] What a judged version changes of the figures. Version 0 is no accuracy of the run: nobody has trained it. */
export function withTested(now: Core, tested: TestedView): Partial<Core> {
  if (tested.version === 0) return { untrained: tested };
  const unconfirmed = tested.unconfirmed === true;
  const isLatest = tested.version >= (now.tested?.version ?? 0);
  return {
    ...(isLatest && { accuracy: tested.accuracy, unconfirmed, tested }),
    ...(isBest(now, tested) && {
      ...{ bestAccuracy: tested.accuracy, bestUnconfirmed: unconfirmed, best: tested },
    }),
  };
}

/** [VIEW7] The best accuracy is the best confirmed one, as soon as there is one. */
function isBest({ bestAccuracy, bestUnconfirmed }: Core, { accuracy, unconfirmed }: TestedView): boolean {
  if (bestAccuracy === null || (bestUnconfirmed === true && !unconfirmed)) return true;
  return accuracy > bestAccuracy && (!unconfirmed || bestUnconfirmed === true);
}

/** The round of a judged version. */
export const withTest = (round: RoundView, { accuracy, loss, at, unconfirmed }: TestedView): RoundView => ({
  ...round,
  accuracy,
  testLoss: loss ?? null,
  ...(at !== null && { testedAt: at }),
  ...(unconfirmed && { unconfirmed }),
});

/**
 * A view that was kept before views named the version of an accuracy. Its rounds say which one that is. If none does, it
 * is version 0's.
 */
export function nameTested(core: Core, rounds: readonly RoundView[]): Core {
  if (core.tested !== undefined || core.untrained !== undefined || core.accuracy === null) return core;
  let named: Core = { ...core, accuracy: null, bestAccuracy: null };
  for (const round of rounds) {
    const tested = testOf(round);
    if (tested) named = { ...named, ...withTested(named, tested) };
  }
  if (named.tested) return named;
  const { accuracy, unconfirmed } = core;
  const untrained: TestedView = { version: 0, accuracy, at: null, ...(unconfirmed && { unconfirmed }) };
  return { ...named, untrained };
}

/** What is known of the test of a round's version. Null if it was not judged. */
export const testOf = (round: RoundView): TestedView | null =>
  round.accuracy === null
    ? null
    : {
        ...{ version: round.version, accuracy: round.accuracy, at: round.testedAt ?? null },
        ...(round.testLoss !== null && { loss: round.testLoss }),
        ...(round.unconfirmed && { unconfirmed: round.unconfirmed }),
      };
