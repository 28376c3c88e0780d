import { describe, expect, it } from 'vitest';
import { cardTextOf } from '../../client/web/volunteering/card/contribution-card.tsx';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { viewOf } from './some-run.ts';

const linesOf = (view: Partial<RunView>): readonly string[] => {
  const totals = { contributions: 3, bytesUp: 2_000, bytesDown: 9_000 };
  return cardTextOf({ run: 'Digits', totals, view: viewOf(view) }).lines;
};
const tested = { version: 4, round: 4, at: 0, accuracy: 0.9 } as const;

describe('the card of a contribution', () => {
  it('names the version whose accuracy it tells', () => {
    expect(linesOf({ version: 6, accuracy: 0.9, tested }).at(-1)).toMatch(
      /^Version 4 of the network is right in 90\.0\s% of the tests$/,
    );
  });

  it.each([
    ['that nobody confirmed', { version: 4, tested: { ...tested, unconfirmed: true as const } }],
    ['if no version was tested', { version: 6 }],
  ])('tells no accuracy %s', (_, view) => {
    expect(linesOf(view)).toHaveLength(2);
  });
});
