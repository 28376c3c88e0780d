import { expect, test } from 'vitest';
import { mayBringWork, wakeSpreadMs } from '../../../client/volunteer/wake-up.ts';
import { crowdWaitMs } from '../../../shared/federation/lease/crowd-wait.ts';
import { createRandom } from '../../../shared/math/random.ts';
import type { EventBody } from '../../../shared/protocol/events.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { applyEvent, emptyView } from '../../../shared/view/apply-event.ts';
import { smallConfig } from '../federation/small-run.ts';

const joining = (volunteer: number): EventBody => ({
  type: 'volunteer-joined',
  volunteer: `volunteer${volunteer}`,
  name: 'Ada',
  backend: 'wasm',
  referee: false,
});

const published: EventBody = {
  type: 'version-published',
  version: 1,
  round: 1,
  updates: { student: 2, teacher: 2 },
  segments: {},
};

/** So many volunteers join one after another, and each waits from then on. */
function joinAll(volunteers: number, minVolunteers: number): { view: RunView; requests: number } {
  const { spec } = smallConfig({ policy: { minVolunteers } });
  let [view, requests] = [emptyView(), 0];
  for (let waiting = 0; waiting < volunteers; waiting++) {
    const entry = { seq: waiting + 1, at: 1_000, event: joining(waiting) };
    view = applyEvent(view, entry);
    if (mayBringWork(entry, view, spec)) requests += waiting;
  }
  return { view, requests };
}

/** When each of a crowd asks, in ms after an event that may bring work. */
function asks(volunteers: number, seed: number): number[] {
  const { view } = joinAll(volunteers, 1);
  const random = createRandom('wake-up', seed);
  const told = crowdWaitMs(volunteers);
  return Array.from({ length: volunteers }, () => random() * wakeSpreadMs(view, told));
}

/** The most that fall within any so many ms. */
function mostWithin(ms: number, times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  let [from, most] = [0, 0];
  for (const [to, time] of sorted.entries()) {
    while (time - (sorted[from] ?? 0) >= ms) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

test('[LEASE16] a join wakes nobody in a run that waits for nobody', () => {
  expect(joinAll(500, 1).requests).toBe(0);
});

test('[LEASE16] only the join that completes the crowd wakes those who wait for it, each once', () => {
  expect(joinAll(299, 300).requests).toBe(0);
  expect(joinAll(300, 300).requests).toBe(299);
  expect(joinAll(500, 300).requests).toBe(299);
});

test('[LEASE16] everything else that frees a place, or ends the wait, wakes', () => {
  const { view } = joinAll(3, 1);
  const { spec } = smallConfig();
  const wakes = (event: EventBody): boolean => mayBringWork({ seq: 4, at: 1_000, event }, view, spec);
  expect(wakes(published)).toBe(true);
  expect(wakes({ type: 'run-opened' })).toBe(true);
  expect(wakes({ type: 'run-finished', why: 'host' })).toBe(true);
  expect(wakes({ type: 'round-extended', round: 1 })).toBe(true);
  expect(wakes({ type: 'run-paused', why: 'host' })).toBe(false);
});

test('[LEASE16] hundreds who hear of a version do not ask in the same moment, and all have asked within the wait they were told', () => {
  for (const volunteers of [200, 500, 2_000]) {
    const times = asks(volunteers, volunteers);
    expect(mostWithin(1, times)).toBeLessThanOrEqual(8);
    // The platform serves some hundreds a second.
    expect(mostWithin(1_000, times)).toBeLessThanOrEqual(200);
    expect(Math.max(...times)).toBeLessThanOrEqual(crowdWaitMs(volunteers));
  }
});

test('[LEASE16] a handful asks at once, and so does a small run whose device was told a long wait', () => {
  expect(new Set(asks(30, 1))).toEqual(new Set([0]));
  const { view } = joinAll(4, 1);
  expect(wakeSpreadMs(view, 300_000)).toBe(0);
});

test('a run that hundreds have joined and left is as quick as a small one', () => {
  const { view } = joinAll(500, 1);
  expect(wakeSpreadMs(view, crowdWaitMs(4))).toBe(0);
});
