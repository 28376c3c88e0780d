import * as fc from 'fast-check';
import type { EventBody, RunEvent } from '../../../shared/protocol/events.ts';

const volunteer = fc.integer({ min: 0, max: 150 }).map(i => `volunteer${i}`);
const lease = fc.integer({ min: 0, max: 300 }).map(i => `lease${i}`);
const role = fc.constantFrom('student' as const, 'teacher' as const, 'evaluator' as const);
const round = fc.constant(1);
const bytes = fc.integer({ min: 0, max: 1_000_000 });

const body: fc.Arbitrary<EventBody> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ type: 'run-opened' as const }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { type: 'run-paused' as const, why: 'host' as const },
      { type: 'run-paused' as const, why: 'diverged' as const, detail: 'kernel' },
    ),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('volunteer-joined' as const),
      volunteer,
      name: fc.string({ minLength: 1, maxLength: 10 }),
      backend: fc.constant('wasm'),
      referee: fc.boolean(),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('lease-granted' as const),
      lease,
      volunteer,
      role,
      round,
      parts: fc.constant<number[]>([0]),
      examples: fc.constant(32),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('lease-ended' as const),
      lease,
      volunteer,
      role,
      why: fc.constant('x'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('update-accepted' as const),
      lease,
      volunteer,
      role,
      round,
      sha256: fc.constant('0'.repeat(64)),
      bytes,
      downloadBytes: bytes,
      norm: fc.constant(1),
      loss: fc.option(fc.integer({ min: 0, max: 9 })),
      samplesPerSecond: fc.option(fc.integer({ min: 1, max: 900 })),
      backend: fc.constantFrom('wasm', 'webgpu'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('update-refused' as const),
      lease,
      volunteer: fc.option(volunteer),
      role: fc.option(role),
      reason: fc.constant('stale' as const),
      bytes,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('version-published' as const),
      version: fc.constant(0),
      round: fc.constant(0),
      updates: fc.constant({ student: 1 }),
      segments: fc.constantFrom<Record<string, string[]>[]>(
        {},
        { 'segment-1': ['s'] },
        { 'segment-1': [], 'segment-2': ['t'] },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('version-evaluated' as const),
      version: fc.integer({ min: 0, max: 60 }),
      examples: fc.constant(10),
      accuracy: fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true }),
      loss: fc.integer({ min: 0, max: 9 }),
    }),
  },
);

/** Versions count up, as in a true ledger. So a round is never told twice. */
function numbered(bodies: readonly EventBody[], pauses: readonly number[]): RunEvent[] {
  let [version, at] = [0, 1_000];
  return bodies.map((event, i) => {
    at += pauses[i % pauses.length] ?? 0;
    if (event.type !== 'version-published') return { seq: i + 1, at, event };
    version += 1;
    return { seq: i + 1, at, event: { ...event, version, round: version } };
  });
}

/** Any ledger: more volunteers than are listed, pauses of up to a minute and a half between two entries. */
export const drawLedger = (maxLength: number): fc.Arbitrary<RunEvent[]> =>
  fc
    .tuple(
      fc.array(body, { minLength: 1, maxLength, size: 'max' }),
      fc.array(fc.constantFrom(0, 10, 500, 15_000, 90_000), { minLength: 1, maxLength: 7 }),
    )
    .map(([bodies, pauses]) => numbered(bodies, pauses));
