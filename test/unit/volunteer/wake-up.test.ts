import { expect, test } from 'vitest';
import { wakeSpreadMs } from '../../../client/volunteer/wake-up.ts';
import { crowdWaitMs } from '../../../shared/federation/lease/crowd-wait.ts';
import { createRandom } from '../../../shared/math/random.ts';
import type { EventBody } from '../../../shared/protocol/events.ts';
import { wakeChance, wakeReason } from '../../../shared/view/wake-reasons.ts';

const joining: EventBody = {
  type: 'volunteer-joined',
  volunteer: 'volunteer',
  name: 'Ada',
  backend: 'wasm',
  referee: false,
};

const published: EventBody = {
  type: 'version-published',
  version: 1,
  round: 1,
  updates: { student: 2, teacher: 2 },
  segments: {},
};

const ended: EventBody = {
  type: 'lease-ended',
  lease: 'lease1',
  volunteer: 'volunteer',
  role: 'student',
  why: 'left',
};

/** So many volunteers join one after another, and each waits from then on. @returns how often one of them asks */
function requestsOfJoining(volunteers: number, minVolunteers: number): number {
  let requests = 0;
  for (let waiting = 0; waiting < volunteers; waiting++)
    if (wakeReason(joining, waiting + 1, minVolunteers)) requests += waiting;
  return requests;
}

/** When each of a crowd asks, in ms after an event that may bring work. */
function asks(volunteers: number, seed: number): number[] {
  const random = createRandom('wake-up', seed);
  const told = crowdWaitMs(volunteers);
  return Array.from({ length: volunteers }, () => random() * wakeSpreadMs(volunteers, told));
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
  expect(requestsOfJoining(500, 1)).toBe(0);
});

test('[LEASE16] only the join that completes the crowd wakes those who wait for it, each once', () => {
  expect(requestsOfJoining(299, 300)).toBe(0);
  expect(requestsOfJoining(300, 300)).toBe(299);
  expect(requestsOfJoining(500, 300)).toBe(299);
});

test('[LEASE16] everything else that frees a place, or ends the wait, wakes', () => {
  const wakes = (event: EventBody): boolean => wakeReason(event, 3, 1) !== null;
  expect(wakes(published)).toBe(true);
  expect(wakes({ type: 'run-opened' })).toBe(true);
  expect(wakes({ type: 'run-finished', why: 'host' })).toBe(true);
  expect(wakes({ type: 'round-extended', round: 1 })).toBe(true);
  expect(wakes(ended)).toBe(true);
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
  expect(wakeSpreadMs(4, 300_000)).toBe(0);
});

test('a run that hundreds have joined and left is as quick as a small one', () => {
  expect(wakeSpreadMs(500, crowdWaitMs(4))).toBe(0);
});

test('[LEASE16] places that come free wake some of a crowd, and all of a handful; a version wakes everyone', () => {
  expect(wakeChance(['lease-ended'], 1_000)).toBeCloseTo(0.004);
  expect(wakeChance(['lease-ended', 'lease-ended'], 1_000)).toBeCloseTo(0.008);
  expect(wakeChance(['lease-ended'], 4)).toBe(1);
  // If nobody knows how many wait, none of them may be passed over.
  expect(wakeChance(['lease-ended'], -3)).toBe(1);
  expect(wakeChance(['lease-ended', 'version-published'], 1_000)).toBe(1);
});
