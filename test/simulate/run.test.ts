import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, randomInteger } from '../../shared/math/random.ts';
import { judgedSegments } from '../../shared/plan/plan-tasks.ts';
import { propertyRuns } from '../support/extent.ts';
import { plainState } from './plain-state.ts';
import { anyNetwork, anyScenario, anySpec, honest, quiet, type Scenario, type Traits } from './scenario.ts';
import { play } from './simulator.ts';

/** fast-check draws new scenarios every time and prints the seed and path of one that fails. */
const check = (scenarios: fc.Arbitrary<Scenario>, numRuns: number, finished = /./): Promise<void> =>
  fc.assert(
    fc.asyncProperty(scenarios, async scenario => {
      const { state, view } = await play(scenario);
      expect(state.phase, 'the run has an end').toBe('finished');
      expect(view.why).toMatch(finished);
    }),
    { numRuns: propertyRuns(numRuns) },
  );

const withVolunteers = (volunteers: fc.Arbitrary<readonly Traits[]>): fc.Arbitrary<Scenario> =>
  fc.record({
    seed: fc.nat(),
    spec: anySpec.map(spec => ({ ...spec, policy: { ...spec.policy, minVolunteers: 1 } })),
    volunteers,
    host: fc.constant([]),
    network: anyNetwork,
  });

describe('a simulated run', () => {
  it('keeps every rule at every step, and finishes while honest volunteers stay', async () => {
    await check(anyScenario, 200);
  });

  it('finishes with a single volunteer', async () => {
    await check(withVolunteers(fc.constant([honest])), 60, /rounds|target/);
  });

  it('finishes with one volunteer when all the others vanish for good in the same moment', async () => {
    const crowd = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 20_000 }))
      .map(([count, vanishesAtMs]) => [honest, ...Array(count).fill({ ...honest, vanishesAtMs })]);
    await check(withVolunteers(crowd), 60, /rounds|target/);
  });

  it('[EVAL6] finishes although others reload their page in every lease and ask at once again', async () => {
    const loop = { ...honest, reload: 1, trainMs: 400 };
    await check(withVolunteers(fc.constantFrom([honest, loop], [loop, honest, loop])), 60, /rounds|target/);
  });

  it('finishes with devices that fit the student only, while students are wanted', async () => {
    const weak = fc.integer({ min: 1, max: 4 }).map(count => Array(count).fill({ ...honest, isWeak: true }));
    const scenarios = withVolunteers(weak).map(scenario => ({
      ...scenario,
      spec: { ...scenario.spec, plan: { name: 'layer-to-layer' as const, freezeAt: 1 } },
    }));
    await check(scenarios, 60, /rounds|target/);
  });

  it('finishes with devices that fit the student only and one that fits all', async () => {
    const weak = fc
      .integer({ min: 1, max: 4 })
      .map(count => [...Array(count).fill({ ...honest, isWeak: true }), honest]);
    await check(withVolunteers(weak), 60, /rounds|target/);
  });

  it('ends with its last version judged, or at its target, or by its host', async () => {
    await fc.assert(
      fc.asyncProperty(anyScenario, async scenario => {
        const { config, state, view, ledger } = await play(scenario);
        if (view.why === 'rounds')
          expect([state.manifest.version, state.evaluatedVersion]).toEqual([
            config.spec.rounds,
            config.spec.rounds,
          ]);
        if (view.why === 'target') {
          const { spec, model } = config;
          const reached = ledger.flatMap(({ event }) =>
            event.type === 'version-evaluated' && event.accuracy >= spec.targetAccuracy
              ? [judgedSegments(spec, model, event.version)]
              : [],
          );
          expect(reached, '[RUN5] judged by what is exported').toContainEqual(
            judgedSegments(spec, model, spec.rounds),
          );
        }
        if (view.why === 'host') expect(scenario.host.some(({ action }) => action === 'finish')).toBe(true);
      }),
      { numRuns: propertyRuns(80) },
    );
  });

  it('is the same again from the same seed, and with every state stored and read again between', async () => {
    await fc.assert(
      fc.asyncProperty(anyScenario, async scenario => {
        const first = await play(scenario);
        expect((await play(scenario)).ledger).toEqual(first.ledger);
        const evicted = await play(scenario, { evicts: true });
        expect(evicted.ledger, 'cohorts lose nothing with their objects').toEqual(first.ledger);
        const stored = await play(scenario, { throughJson: true });
        expect(stored.ledger).toEqual(first.ledger);
        expect(plainState(stored.state)).toStrictEqual(plainState(first.state));
      }),
      { numRuns: propertyRuns(40) },
    );
  });

  it('comes across everything that can happen', async () => {
    const seen = new Set<string>();
    for (const scenario of fc.sample(anyScenario, { numRuns: 300, seed: 1 }))
      for (const { event } of (await play(scenario)).ledger) {
        seen.add(event.type);
        if (event.type === 'lease-ended') seen.add(event.why.replace(/\d+/, '1'));
        if (event.type === 'run-taken-back') seen.add(`back: ${event.why}`);
        if (event.type === 'version-evaluated') seen.add(`confirmed: ${event.confirmed !== false}`);
        if (event.type === 'update-refused') seen.add(event.reason);
        if (event.type === 'run-finished') seen.add(event.why);
        if (event.type === 'run-finished' && event.untested) seen.add('untested');
      }
    expect([...seen].filter(one => !rare.includes(one)).toSorted()).toEqual(everything.toSorted());
  });
});

/** These take more volunteers than most of these runs have: `judging.test.ts` and `weak-devices.test.ts` have them. */
const rare = ['judgement-contradicted', 'role-unfit'];

const everything = [
  ...[
    'run-opened',
    'run-paused',
    'run-closing',
    'run-finished',
    'the run comes to its end',
    'untested',
    'volunteer-joined',
    'round-opened',
    'round-extended',
  ],
  ...['lease-granted', 'lease-ended', 'place-freed', 'update-accepted', 'update-refused'],
  ...['version-published', 'version-evaluated', 'rounds', 'target', 'host'],
  ...['run-taken-back', 'back: host', 'back: fell', 'confirmed: true'],
  ...['confirmed: false', 'the run was taken back to version 1', 'the version is judged', 'taken-back'],
  ...[
    'the deadline passed',
    'it took too long',
    'asked for another',
    'the round closed',
    'the run finished',
    'the volunteer paused',
    'the training diverged',
  ],
  ...['late', 'stale', 'duplicate', 'wrong-hash', 'not-finite', 'out-of-range', 'bad-statistics'],
  ...['bad-metrics', 'too-large'],
];

/** The roles of each round that brought updates. */
const rolesByRound = async (scenario: Scenario): Promise<string[][]> =>
  (await play(scenario)).view.rounds.map(({ updates }) => Object.keys(updates).toSorted());

describe('a whole run', () => {
  const policy = { updatesPerRound: 3, minVolunteers: 3 };
  const three = { ...quiet, segments: 3 as const, volunteers: [honest, honest, honest] };

  it('of three segments has three roles, which go round the volunteers', async () => {
    const scenario = { ...three, spec: { rounds: 6, plan: { name: 'layer-to-layer' as const }, policy } };
    const { ledger, view } = await play(scenario);
    expect(view.why).toBe('rounds');
    expect((await rolesByRound(scenario)).slice(0, 4)).toEqual(
      Array(4).fill(['segment-2', 'student', 'teacher']),
    );
    // From the freeze point on all train the last segment.
    expect((await rolesByRound(scenario)).slice(5)).toEqual([['teacher']]);
    // The volunteer who asks first in a round is offered the role whose turn it is.
    const roles = ['student', 'segment-2', 'teacher'];
    for (let round = 1; round <= 4; round++) {
      const first = ledger.find(
        ({ event }) => event.type === 'lease-granted' && event.role !== 'evaluator' && event.round === round,
      )?.event;
      if (first?.type !== 'lease-granted') throw new Error(`nobody was leased anything in round ${round}`);
      expect(first.role).toBe(roles[((view.volunteers[first.volunteer]?.index ?? 0) + round) % 3]);
    }
  });

  it('that grows is trained by students, then whole, then from the frozen ones on, and changes what has joined', async () => {
    const plan = { name: 'growing-together' as const, growAt: 0.5, freezeAt: 0.7 };
    const scenario = { ...three, spec: { rounds: 10, plan, policy } };
    const { ledger, view } = await play(scenario);
    expect(view.why).toBe('rounds');
    expect((await rolesByRound(scenario)).flat()).toEqual([
      ...Array(5).fill('student'),
      ...Array(2).fill('whole'),
      ...Array(3).fill('teacher'),
    ]);
    const changed = ledger.flatMap(({ event }) =>
      event.type === 'version-published' ? [Object.keys(event.segments)] : [],
    );
    expect(changed[0]).toEqual(['segment-1', 'head-1']);
    expect(changed[5]).toContain('segment-3');
    expect(changed[9]).not.toContain('segment-1');
  });
});

describe('a crowd', () => {
  const random = createRandom('crowd');
  const volunteers = Array.from({ length: 300 }, (_, i) => ({
    ...honest,
    joinsAtMs: randomInteger(random, 20_000),
    trainMs: 500 + randomInteger(random, 8_000),
    isWeak: i % 5 === 0,
    crash: i % 10 === 1 ? 0.5 : 0,
    bad: i % 10 === 2 ? 0.5 : 0,
  }));

  it('half of which fits the student only has every one of these train in every round, and nobody else as student', async () => {
    const people = Array.from({ length: 8 }, (_, i) => ({
      ...honest,
      trainMs: 200 + randomInteger(random, 3_000),
      isWeak: i % 2 === 0,
    }));
    const policy = { updatesPerRound: 8, minVolunteers: 8, overIssue: 1, evaluators: 'referees' as const };
    const spec = { rounds: 6, plan: { name: 'layer-to-layer' as const, freezeAt: 1 }, policy };
    const { ledger } = await play({ ...quiet, spec, volunteers: people });
    const students = ledger.flatMap(({ event }) =>
      event.type === 'update-accepted' && event.role === 'student' ? [event.volunteer] : [],
    );
    expect(students).toHaveLength(4 * 6);
    expect([...new Set(students)].toSorted()).toEqual([0, 2, 4, 6].map(i => `volunteer${i}`));
  });

  it('of 300 with 100 updates a round meets its goals every round', async () => {
    const policy = { updatesPerRound: 100, minVolunteers: 200, leaseMs: 30_000, roundMs: 60_000 };
    const spec = { rounds: 6, plan: { name: 'layer-to-layer' as const }, policy };
    const { view, ledger } = await play({ ...quiet, spec, volunteers });
    expect(view.why).toBe('rounds');
    const updates = view.rounds.map(round => Object.values(round.updates).flatMap(n => n ?? 0));
    expect(Math.min(...updates.map(byRole => byRole.reduce((sum, n) => sum + n, 0)))).toBeGreaterThanOrEqual(
      100,
    );
    const granted = ledger.filter(
      ({ event }) => event.type === 'lease-granted' && event.role !== 'evaluator',
    );
    expect(granted.length).toBeLessThanOrEqual(1.8 * 100 * 6);
  });
});

it('[BACK4] is soon taken back although most calls to its cohorts get no reply', async () => {
  const returning: number[] = [];
  await play(
    {
      ...quiet,
      segments: 3,
      volunteers: Array(9).fill(honest),
      spec: {
        plan: { name: 'layer-to-layer' },
        policy: { updatesPerRound: 3, minVolunteers: 1, cohorts: 3 },
        rounds: 20,
      },
      returns: [{ atMs: 30_000, share: 0 }],
      network: { ...quiet.network, loss: 0.6 },
    },
    { onStep: ({ now, step }) => void (step.state.round.status === 'returning' && returning.push(now)) },
  );
  expect(returning.length).toBeGreaterThan(0);
  expect((returning.at(-1) ?? 0) - (returning[0] ?? 0)).toBeLessThan(90_000);
});
