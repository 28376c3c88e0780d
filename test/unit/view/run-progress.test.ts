import { describe, expect, it } from 'vitest';
import { emptyView } from '../../../shared/view/empty-view.ts';
import { isClosing, runProgress } from '../../../shared/view/run-progress.ts';

const view = (change: object) => ({ ...emptyView(), ...change });
const closing = { why: 'host' as const, since: 1_000 };

describe('the progress of a run', () => {
  it('counts the rounds that are done, and names the one in work', () => {
    expect(runProgress(view({ phase: 'draft' }), 20)).toEqual({ done: 0, rounds: 20, working: null });
    expect(runProgress(view({ phase: 'open' }), 20)).toEqual({ done: 0, rounds: 20, working: 1 });
    // Whoever looks between two rounds sees the next one in work, whether it was opened yet or not.
    for (const round of [4, 5])
      expect(runProgress(view({ phase: 'open', version: 4, round }), 20)).toEqual({
        done: 4,
        rounds: 20,
        working: 5,
      });
  });

  it('says of a finished run how many rounds were done, not how many were planned', () => {
    const finished = view({ phase: 'finished', version: 4, round: 5 });
    expect(runProgress(finished, 20)).toEqual({ done: 4, rounds: 20, working: null });
  });

  it('has no round in work after the last one, or while the run closes', () => {
    expect(runProgress(view({ phase: 'open', version: 20, round: 20 }), 20).working).toBeNull();
    const ending = view({ phase: 'open', version: 4, round: 5, closing });
    expect(runProgress(ending, 20)).toEqual({ done: 4, rounds: 20, working: null });
    expect(isClosing(ending)).toBe(true);
    expect(isClosing({ ...ending, phase: 'finished' })).toBe(false);
  });

  it('says the same of a view and of its line in the directory', () => {
    const listing = { phase: 'open', round: 5, version: 4, closing: false };
    expect(runProgress(listing, 20)).toEqual(runProgress(view({ phase: 'open', version: 4, round: 5 }), 20));
    // One of an older release names no version.
    expect(runProgress({ phase: 'open', round: 5 }, 20).done).toBe(4);
  });
});
