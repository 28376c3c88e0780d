import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepRun } from '../../shared/federation/round-machine.ts';
import { nextAlarm, type RunInput } from '../../shared/federation/run-state.ts';
import type { CohortEntry } from '../../shared/protocol/cohort-report.ts';
import { eventBodySchema, type RunEvent } from '../../shared/protocol/events.ts';
import { roles } from '../../shared/protocol/identifiers.ts';
import { controlActions } from '../../shared/protocol/messages.ts';
import type { RefusalReason } from '../../shared/protocol/refusals.ts';
import { emptyView } from '../../shared/view/empty-view.ts';
import { applyEvent } from '../support/apply-event.ts';
import { propertyRuns } from '../support/extent.ts';
import { anyDevice, firstState, shard, smallConfig, trainingMetrics } from '../unit/federation/small-run.ts';
import { plainState } from './plain-state.ts';
import { anyPlan } from './scenario.ts';

const volunteer = fc.constantFrom('volunteer0', 'volunteer1', 'volunteer2', 'stranger');
const granted = fc.constantFrom('lease0', 'lease1', 'lease2', 'lease3');
const lease = fc.oneof({ weight: 9, arbitrary: granted }, fc.constant('constructor'));
const role = fc.constantFrom(...roles);
const round = fc.integer({ min: 0, max: 4 });
const evaluated = { examples: 20, correct: 30, lossSum: 5, downloadBytes: 0, backend: 'wasm' };

const entry: fc.Arbitrary<CohortEntry> = fc
  .record({ lease, volunteer, round, bytes: fc.nat(100), later: fc.integer({ min: -2, max: 4 }) })
  .chain(({ later, ...told }) =>
    fc.constantFrom<CohortEntry>(
      { ...told, ok: true, sha256: shard(1).sha256, norm: 1, metrics: trainingMetrics },
      {
        ...told,
        ok: true,
        countsIn: Math.max(0, told.round + later),
        sha256: shard(1).sha256,
        norm: 1,
        metrics: trainingMetrics,
      },
      { ...told, ok: true, sha256: shard(1).sha256, norm: 1, metrics: evaluated },
      { ...told, ok: false, reason: 'late' satisfies RefusalReason, detail: 'x'.repeat(400) },
    ),
  );

const fold = fc.record(
  {
    updates: fc.nat(3),
    segments: fc.constantFrom(
      {},
      { 'segment-1': [shard(5)] },
      { 'segment-2': [shard(6)], 'head-1': [shard(7)] },
    ),
  },
  // Objects as JSON makes them, so that states can be compared with what is read back.
  { noNullPrototype: true },
);

const input: fc.Arbitrary<RunInput> = fc.oneof(
  fc.record({ type: fc.constant('control' as const), action: fc.constantFrom(...controlActions) }),
  fc.record({
    type: fc.constant('join' as const),
    volunteer: fc.constantFrom('volunteer0', 'volunteer1', 'volunteer2'),
    name: fc.constant('name'),
    device: fc.constant(anyDevice),
    referee: fc.boolean(),
  }),
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('request-lease' as const),
      volunteer,
      lease: granted,
      beside: fc.option(granted, { nil: undefined }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('release' as const),
      volunteer,
      lease,
      reason: fc.constant('tired'),
      diverged: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('report' as const),
      role,
      entries: fc.array(entry, { maxLength: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('folded' as const), role, round, result: fold }) },
  fc.record({ type: fc.constant('remove' as const), volunteer }),
  fc.record({ type: fc.constant('alarm' as const) }),
);

/** Clocks that stand still and jump, also back: an object may wake on another machine. */
const jump = fc.constantFrom(0, 1, 1_000, 60_000, 500_000, -5_000);

const scenario = fc.record({
  plan: anyPlan,
  rounds: fc.integer({ min: 1, max: 3 }),
  inputs: fc.array(fc.tuple(input, jump), { minLength: 20, maxLength: 120 }),
});

describe('the round machine', () => {
  it('throws on no sequence of inputs, replies to whoever asks, and goes one version at a time', () => {
    fc.assert(
      fc.property(scenario, ({ plan, rounds, inputs }) => {
        const config = smallConfig({ plan, rounds });
        let state = firstState();
        let now = 1_000_000;
        for (const [given, ms] of inputs) {
          now += ms;
          const before = structuredClone(plainState(state));
          const result = stepRun(config, state, given, now);
          expect(plainState(state), 'the state before is left as it was').toEqual(before);
          if (!result.ok) continue;
          expect(result.value.reply !== undefined).toBe(given.type === 'request-lease');
          expect([0, 1]).toContain(result.value.state.manifest.version - state.manifest.version);
          state = result.value.state;
          const plain = plainState(state);
          expect(JSON.parse(JSON.stringify(plain))).toStrictEqual(plain);
          expect(nextAlarm(state) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(now);
          const holders = [...state.leases.values()].map(({ volunteer }) => volunteer);
          const most = Math.max(0, ...holders.map(one => holders.filter(other => other === one).length));
          expect(most, '[LEASE2] nobody holds three').toBeLessThanOrEqual(2);
        }
      }),
      { numRuns: propertyRuns(120) },
    );
  });

  it('writes a ledger of the agreed form, and a view of it, whatever comes', () => {
    fc.assert(
      fc.property(scenario, ({ plan, rounds, inputs }) => {
        const config = smallConfig({ plan, rounds });
        let state = firstState();
        const ledger: RunEvent[] = [];
        inputs.forEach(([given], i) => {
          const result = stepRun(config, state, given, 1_000 * i);
          if (!result.ok) return;
          state = result.value.state;
          for (const event of result.value.events)
            ledger.push({ seq: ledger.length + 1, at: 1_000 * i, event });
        });
        for (const { event } of ledger) expect(eventBodySchema.parse(event)).toEqual(event);
        const view = ledger.reduce(applyEvent, emptyView());
        expect([view.phase, view.version]).toEqual([state.phase, state.manifest.version]);
      }),
      { numRuns: propertyRuns(80) },
    );
  });
});
