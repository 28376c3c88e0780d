import { describe, expect, it } from 'vitest';
import type { EventBody } from '../../../shared/protocol/events.ts';
import { runViewSchema } from '../../../shared/protocol/run-view.ts';
import { LiveView } from '../../../shared/view/live-view.ts';

/** A view of these events, each at its moment. */
function viewOf(...events: readonly (readonly [at: number, event: EventBody])[]): LiveView {
  const live = new LiveView();
  for (const [i, [at, event]] of events.entries()) live.apply({ seq: i + 1, at, event });
  return live;
}

const joined: EventBody = {
  ...{ type: 'volunteer-joined', volunteer: 'ada000', name: 'Ada', backend: 'wasm', referee: false },
};
const granted = (lease: string): EventBody => ({
  ...{ type: 'lease-granted', lease, volunteer: 'ada000', role: 'whole', round: 1, parts: [0], examples: 50 },
});
const accepted = (lease: string, told: { loss?: number; samplesPerSecond?: number } = {}): EventBody => ({
  ...{ type: 'update-accepted', lease, volunteer: 'ada000', role: 'whole', round: 1, sha256: 'a', bytes: 1 },
  ...{ downloadBytes: 1, norm: 1, loss: 1, samplesPerSecond: 1, backend: 'wasm', ...told },
});

describe('claims', () => {
  it('[STAND10] a speed is measured from the start of a lease to its update, whatever was told', () => {
    const live = viewOf(
      [0, joined],
      [1_000, granted('one')],
      [11_000, accepted('one', { samplesPerSecond: 1e9 })],
    );
    expect(live.shown().volunteers.ada000?.samplesPerSecond).toBe(5);
  });

  it('[STAND10] the lease beside it starts when the one before has ended', () => {
    const live = viewOf(
      [0, joined],
      [1_000, granted('one')],
      [9_000, granted('two')],
      [11_000, accepted('one')],
      [21_000, accepted('two')],
    );
    expect(live.shown().volunteers.ada000?.samplesPerSecond).toBe(5);
  });

  it('[STAND10] an update to another lease than the one in hand measures nothing, and neither does a clock set back', () => {
    const other = viewOf([0, joined], [1_000, granted('one')], [2_000, accepted('older')]);
    expect(other.shown().volunteers.ada000?.samplesPerSecond).toBeNull();
    const back = viewOf([0, joined], [5_000, granted('one')], [4_000, accepted('one')]);
    expect(back.shown().volunteers.ada000?.samplesPerSecond).toBeNull();
  });

  it.each([
    [-5, 0],
    [1.5, 1.5],
    [1e9, 20],
  ])('[STAND10] a told loss of %d is shown as %d', (loss, shown) => {
    const live = viewOf([0, joined], [1, granted('one')], [2, accepted('one', { loss })]);
    expect(live.core.current.loss.whole).toBe(shown);
  });
});

describe('a standing', () => {
  it('[STAND9] is in the view once something is known of it, and is read back', () => {
    const live = viewOf([0, joined], [1, granted('one')]);
    expect(live.shown().volunteers.ada000).not.toHaveProperty('standing');
    const refused: EventBody = {
      ...{
        type: 'update-refused',
        lease: 'one',
        volunteer: 'ada000',
        role: 'whole',
        reason: 'malformed',
        bytes: 1,
      },
      costsStanding: true,
    };
    live.apply({ seq: 3, at: 3, event: refused });
    const standing = { value: 0.375, version: 0, why: 'refused' };
    expect(live.shown().volunteers.ada000?.standing).toEqual(standing);
    expect(runViewSchema.parse(JSON.parse(JSON.stringify(live.shown()))).volunteers.ada000?.standing).toEqual(
      standing,
    );
    live.apply({
      ...{ seq: 4, at: 4 },
      event: { type: 'judgement-contradicted', version: 0, volunteer: 'ada000', parts: 1 },
    });
    expect(live.shown().volunteers.ada000?.standing).toMatchObject({ value: 0.28125, why: 'contradicted' });
  });

  it('[STAND9] of a version does not make anybody seen, and nobody is listed for it', () => {
    const live = viewOf([7, joined]);
    const work = { whole: { seed: 'aa', helped: ['ada000', 'stranger'] } };
    const event: EventBody = {
      ...{ type: 'version-published', version: 1, round: 1, updates: { whole: 2 }, segments: {}, work },
    };
    live.apply({ seq: 2, at: 9_000, event });
    expect(live.shown().volunteers.ada000).toMatchObject({
      seenAt: 7,
      standing: { value: 0.5625, version: 1 },
    });
    expect(Object.keys(live.shown().volunteers)).toEqual(['ada000']);
  });
});
