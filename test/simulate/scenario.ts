import fc from 'fast-check';
import type { ControlAction } from '../../shared/protocol/messages.ts';
import { planNames } from '../../shared/protocol/plan-spec.ts';
import type { RunSpecInput } from '../../shared/protocol/run-spec.ts';
import type { PlatformNetwork } from './simulated-platform.ts';
import type { Checking } from './simulated-referee.ts';

/** How a volunteer behaves. The chances are for each lease, and the first that happens counts. */
export interface Traits {
  readonly joinsAtMs: number;
  /** Leaves without a word, in the middle of a lease or not. */
  readonly vanishesAtMs: number | null;
  readonly trainMs: number;
  /** Only the student's task fits it. */
  readonly isWeak: boolean;
  readonly isReferee: boolean;
  readonly crash: number;
  /** Is gone for good without a word, and somebody like it joins in its place. */
  readonly drop: number;
  readonly release: number;
  /** Asks for another lease with one in hand, as a reloaded page does. */
  readonly reload: number;
  /** Asks for the next lease while it trains, and works on it afterwards. */
  readonly ahead: number;
  readonly bad: number;
  /** Its numbers are not finite, or it says so. */
  readonly diverge: number;
  /** Uploads again what was accepted already. */
  readonly repeat: number;
  /** Says of a test part that all of it is right. Never if not given. */
  readonly lie?: number;
  /** What it says if it lies: of every second version that none is right, and of the others that all is. All if not given. */
  readonly lieInTurns?: boolean;
  /** Gives every training lease back at once. It does not if this is not given. */
  readonly onlyJudges?: boolean;
  /** Its training updates are hostile: chance for each. Never if not given. */
  readonly harm?: number;
  /** It checks versions beside its leases, if it is a referee. It does not if this is not given. */
  readonly checking?: Checking;
}

export interface Scenario {
  readonly seed: number;
  readonly spec: Partial<RunSpecInput>;
  /** How many segments the model has. Two if not given. */
  readonly segments?: 2 | 3;
  readonly volunteers: readonly Traits[];
  readonly host: readonly { readonly atMs: number; readonly action: ControlAction }[];
  /** When the host takes the run back, and to which of its versions: 0 is the first one, 1 the newest. */
  readonly returns?: readonly { readonly atMs: number; readonly share: number }[];
  /** Versions that hurt: they get hardly anything right. */
  readonly harmful?: readonly number[];
  /** How soon the host resumes a run that paused itself. Never if not given. */
  readonly resumesAfterMs?: number;
  readonly network: PlatformNetwork;
}

export const honest: Traits = {
  joinsAtMs: 0,
  vanishesAtMs: null,
  trainMs: 1_000,
  isWeak: false,
  isReferee: true,
  crash: 0,
  drop: 0,
  release: 0,
  reload: 0,
  ahead: 0,
  bad: 0,
  diverge: 0,
  repeat: 0,
};

/** Nobody does anything yet, and nothing gets lost. */
export const quiet: Scenario = {
  seed: 1,
  spec: {},
  volunteers: [],
  host: [],
  network: { reportMs: 50, foldMs: 500, alarmMs: 10, loss: 0 },
};

const chance = fc.constantFrom(0, 0, 0.1, 0.5, 1);

const manyHabits: fc.Arbitrary<Traits> = fc.record({
  joinsAtMs: fc.integer({ min: 0, max: 40_000 }),
  vanishesAtMs: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: null }),
  trainMs: fc.integer({ min: 1, max: 20_000 }),
  isWeak: fc.boolean(),
  isReferee: fc.boolean(),
  crash: chance,
  drop: fc.constant(0),
  release: chance,
  reload: chance,
  ahead: chance,
  bad: chance,
  diverge: chance,
  repeat: chance,
  lie: fc.constantFrom(0, 0, 0, 0.5, 1),
  lieInTurns: fc.boolean(),
  onlyJudges: fc.constantFrom(false, false, false, true),
});

/** Whoever has many habits seldom comes to the last ones, since the first that happens counts. These have nothing else. */
const oneHabit: fc.Arbitrary<Traits> = fc
  .record({
    joinsAtMs: fc.integer({ min: 0, max: 5_000 }),
    trainMs: fc.integer({ min: 1, max: 3_000 }),
    isReferee: fc.boolean(),
    habit: fc.constantFrom('bad', 'diverge'),
    often: fc.constantFrom(0.5, 1),
  })
  .map(({ habit, often, ...traits }) => ({ ...honest, ...traits, [habit]: often }));

const anyTraits = fc.oneof({ weight: 3, arbitrary: manyHabits }, { weight: 1, arbitrary: oneHabit });

/** `momentum-auxiliary` wants a model of its own. */
export const plansWithDefaults = planNames
  .filter(name => name !== 'momentum-auxiliary')
  .map(name => ({ name }));

export const anyPlan: fc.Arbitrary<RunSpecInput['plan']> = fc.oneof(
  fc.record({ name: fc.constant('conventional' as const) }),
  fc.record({
    name: fc.constant('layer-to-layer' as const),
    turns: fc.constantFrom('split' as const, 'alternate' as const, 'together' as const),
    freezeAt: fc.constantFrom(0, 0.5, 0.7, 1),
    alpha: fc.constantFrom(0, 0.5),
  }),
  fc.record({
    name: fc.constant('growing-together' as const),
    growAt: fc.constantFrom(0, 0.5, 0.8),
    freezeAt: fc.constantFrom(0.8, 1),
    lambda: fc.constantFrom(0, 0.5),
    beta: fc.constantFrom(0, 0.5),
    answer: fc.constantFrom('last' as const, 'sum' as const),
  }),
  // The other plans with their default settings. What they have in common with those above is the machine's.
  fc.constantFrom(...plansWithDefaults),
);

const policy: fc.Arbitrary<RunSpecInput['policy']> = fc.record({
  updatesPerRound: fc.integer({ min: 1, max: 8 }),
  overIssue: fc.constantFrom(1, 1.3, 3),
  minVolunteers: fc.integer({ min: 1, max: 3 }),
  leaseMs: fc.constantFrom(4_000, 10_000),
  roundMs: fc.constantFrom(3_000, 15_000, 40_000),
  evaluators: fc.constantFrom('volunteers' as const, 'referees' as const),
  maxDrop: fc.constantFrom(0, 0.1, 0.2),
  rounds: fc.constantFrom('buffered' as const, 'synchronous' as const),
  maxStaleness: fc.constantFrom(0, 1, 4),
  minUpdates: fc.constantFrom(1, 1, 2, 4),
  cohorts: fc.constantFrom('auto' as const, 2, 3),
});

export const anySpec: fc.Arbitrary<Partial<RunSpecInput>> = fc.record({
  plan: anyPlan,
  policy,
  rounds: fc.integer({ min: 1, max: 5 }),
  stopAtTarget: fc.boolean(),
  targetAccuracy: fc.constantFrom(0.6, 0.95),
});

/** Pauses of up to half a minute, each with its end. The host may finish early. */
const anyHost: fc.Arbitrary<Scenario['host']> = fc
  .tuple(
    fc.array(fc.tuple(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 1, max: 30_000 })), {
      maxLength: 2,
    }),
    fc.option(fc.integer({ min: 1, max: 90_000 }), { nil: null, freq: 8 }),
  )
  .map(([pauses, finishAt]) => [
    ...pauses.flatMap(([atMs, ms]) => [
      { atMs, action: 'pause' as const },
      { atMs: atMs + ms, action: 'resume' as const },
    ]),
    // If pauses overlap, the last resume may come before the last pause. This one has the last word.
    { atMs: 100_000, action: 'resume' as const },
    ...(finishAt === null ? [] : [{ atMs: finishAt, action: 'finish' as const }]),
  ]);

export const anyNetwork: fc.Arbitrary<Scenario['network']> = fc.record({
  reportMs: fc.constantFrom(0, 50, 5_000),
  foldMs: fc.constantFrom(0, 200, 6_000),
  alarmMs: fc.constantFrom(0, 100, 20_000),
  loss: fc.constantFrom(0, 0.2, 0.6),
});

/**
 * Up to eight volunteers of any kind, and three honest ones who stay (`minVolunteers` is at most that). In half of the runs
 * nobody is a referee, unless evaluation is left to them.
 */
export const anyScenario: fc.Arbitrary<Scenario> = fc
  .record({
    seed: fc.nat(),
    spec: anySpec,
    segments: fc.constantFrom(2 as const, 3 as const),
    volunteers: fc
      .array(anyTraits, { maxLength: 8 })
      .map(others => [...others, honest, { ...honest, trainMs: 2_500 }, honest]),
    isRefereed: fc.boolean(),
    host: anyHost,
    returns: fc.array(
      fc.record({
        atMs: fc.integer({ min: 1, max: 60_000 }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 2 },
    ),
    harmful: fc.subarray([1, 2, 3, 4, 5]),
    resumesAfterMs: fc.constantFrom(1_000, 20_000),
    network: anyNetwork,
  })
  .map(({ isRefereed, ...scenario }) =>
    isRefereed || scenario.spec.policy?.evaluators === 'referees' ? scenario : unrefereed(scenario),
  );

const unrefereed = (scenario: Scenario): Scenario => ({
  ...scenario,
  volunteers: scenario.volunteers.map(traits => ({ ...traits, isReferee: false })),
});
