import { describe, expect, it } from 'vitest';
import type { RoundView } from '../../../shared/protocol/run-view.ts';
import { emptyRound, emptyView } from '../../../shared/view/empty-view.ts';
import { LiveView } from '../../../shared/view/live-view.ts';
import { presenceOf } from '../../../shared/view/presence-of.ts';
import { shownAccuracy } from '../../../shared/view/shown-accuracy.ts';

const round = (version: number, accuracy: number | null): RoundView => ({
  ...emptyRound(version, version),
  at: 1_000 * version,
  accuracy,
  testLoss: accuracy === null ? null : 1,
});

describe('a view that was kept before views named the version of an accuracy', () => {
  it('[VIEW8] names it by its rounds', () => {
    const kept = { ...emptyView(), version: 3, accuracy: 0.7, bestAccuracy: 0.8 };
    const live = new LiveView({ ...kept, rounds: [round(1, 0.8), round(2, 0.7), round(3, null)] });
    expect(live.core).toMatchObject({
      accuracy: 0.7,
      bestAccuracy: 0.8,
      tested: { version: 2, accuracy: 0.7, at: null },
      best: { version: 1, accuracy: 0.8 },
    });
  });

  it('[VIEW8] shows no accuracy if only version 0 was judged', () => {
    const kept = { ...emptyView(), version: 2, accuracy: 0.1, bestAccuracy: 0.1 };
    const live = new LiveView({ ...kept, rounds: [round(1, null), round(2, null)] });
    expect(live.core).toMatchObject({
      accuracy: null,
      bestAccuracy: null,
      untrained: { version: 0, accuracy: 0.1 },
    });
  });

  it('[VIEW8] is read by whoever shows an accuracy, also if it comes from a platform of then', () => {
    const rounds = [round(1, 0.8), round(2, 0.7), round(3, null)];
    expect(shownAccuracy({ ...emptyView(), version: 3, rounds })).toMatchObject({
      version: 2,
      accuracy: 0.7,
      isNewest: false,
    });
    const untested = { ...emptyView(), version: 1, accuracy: 0.1, rounds: [round(1, null)] };
    expect(shownAccuracy(untested)).toBeNull();
  });

  it('[VIEW9] says nothing of who is here', () => {
    expect(presenceOf(emptyView(), 'volunteer0')).toBeNull();
  });
});
