import { describe, expect, it } from 'vitest';
import { planTasks } from '../../../shared/plan/plan-tasks.ts';
import { codecNames } from '../../../shared/protocol/codec-spec.ts';
import { planNames } from '../../../shared/protocol/plan-spec.ts';
import { progressAt, type RunSpec, runSpecSchema, storedSpec } from '../../../shared/protocol/run-spec.ts';
import { smallSpec } from '../federation/small-run.ts';
import { chainOutline } from '../plan/outlines.ts';

const dataset = {
  kind: 'glyphs',
  name: 'glyphs',
  seed: 1,
  trainParts: 4,
  testParts: 4,
  examplesPerPart: 10,
  partition: { kind: 'iid' },
};
const least = { name: ' run ', seed: 0, dataset, plan: { name: 'layer-to-layer' }, rounds: 1 };

/** Where the schema finds fault. */
function faults(change: object): string[] {
  const parsed = runSpecSchema.safeParse({ ...least, ...change });
  return parsed.success ? [] : parsed.error.issues.map(issue => issue.path.join('.'));
}

describe('a run’s specification', () => {
  it('fills in every default', () => {
    expect(runSpecSchema.parse(least)).toEqual({
      name: 'run',
      seed: 0,
      dataset,
      plan: {
        name: 'layer-to-layer',
        turns: 'split',
        alpha: 0,
        beta: 0,
        temperature: 2,
        freezeAt: 0.7,
        studentEpochs: 1,
        teacherEpochs: 2,
      },
      rounds: 1,
      targetAccuracy: 0.95,
      stopAtTarget: false,
      training: {
        batch: 32,
        learningRate: 0.05,
        momentum: 0.9,
        weightDecay: 5e-4,
        augment: 'none',
        partsPerLease: 1,
        partsFor: 'anyone',
      },
      policy: {
        rounds: 'buffered',
        maxStaleness: 8,
        minUpdates: 1,
        updatesPerRound: 4,
        overIssue: 1.3,
        minVolunteers: 1,
        maxVolunteers: 2_000,
        leaseMs: 120_000,
        shortestLeaseMs: 5_000,
        roundMs: 180_000,
        evaluators: 'volunteers',
        keepRounds: 50,
        maxDrop: 0.2,
        check: 'if-present',
        cohorts: 'auto',
      },
      codec: { name: 'f16' },
      aggregation: 'clipped-mean',
      robust: { hostile: 0.3, bucket: 1, clip: 'many-rounds', statistics: 'guarded' },
    });
  });

  it('is the same when parsed again', () => {
    expect(runSpecSchema.parse(smallSpec())).toEqual(smallSpec());
  });

  it.each(codecNames)('takes the name %s alone for the codec with its defaults, given or kept', name => {
    const spec = smallSpec();
    expect(runSpecSchema.parse({ ...spec, codec: name })).toEqual({ ...spec, codec: { name } });
    const kept: RunSpec = JSON.parse(JSON.stringify({ ...spec, codec: name }));
    expect(storedSpec(kept)).toEqual({ ...spec, codec: { name } });
  });

  it('goes on with synchronous rounds, of which all is kept, if it was stored before there were others', () => {
    const spec = smallSpec({ policy: { updatesPerRound: 7 } });
    const {
      rounds: _,
      maxStaleness: __,
      minUpdates: ___,
      keepRounds: ____,
      cohorts: _____,
      maxDrop: ______,
      check: _______,
      ...policy
    } = spec.policy;
    const kept: RunSpec = JSON.parse(JSON.stringify({ ...spec, policy }));
    expect(storedSpec(kept).policy).toEqual({
      ...spec.policy,
      rounds: 'synchronous',
      keepRounds: 0,
      cohorts: 1,
      maxDrop: 0,
      check: 'off',
    });
    expect(storedSpec(spec)).toEqual(spec);
  });

  it('[SWEEP1] keeps everything if it was kept before anything was swept', () => {
    const spec = smallSpec();
    const { keepRounds: _, ...policy } = spec.policy;
    const kept: RunSpec = JSON.parse(JSON.stringify({ ...spec, policy }));
    expect(storedSpec(kept).policy.keepRounds).toBe(0);
  });

  it('goes on with the clip of three rounds if it was kept before a rule had settings', () => {
    const spec = smallSpec();
    const { robust, ...older } = spec;
    const kept: RunSpec = JSON.parse(JSON.stringify(older));
    expect(robust.clip).toBe('many-rounds');
    expect(storedSpec(kept).robust).toEqual({ ...robust, clip: 'three-rounds', statistics: 'mean' });
    expect(storedSpec(storedSpec(kept)).robust.clip).toBe('three-rounds');
  });

  it('goes on as it was with a joint-self-distillation that was kept when it had one direction', () => {
    const old = { name: 'joint-self-distillation', lambda: 0.3, beta: 0.4, temperature: 3, epochs: 2 };
    const kept: RunSpec = JSON.parse(JSON.stringify({ ...smallSpec(), plan: old }));
    const spec = storedSpec(kept);
    expect(spec.plan).toEqual({ ...old, alpha: 0.4, beta: 0, gate: 'always', earlyRate: 1, answer: 'last' });
    const exits = planTasks(spec, chainOutline(2), 1).flatMap(task => task.exits);
    expect(exits.map(({ after, labelWeight }) => [after, labelWeight])).toEqual([
      ['segment-1', 0.3],
      ['segment-2', 1],
    ]);
    const fromLast = {
      distilFrom: { after: 'segment-2', through: [] },
      weight: 0.4,
      temperature: 3,
      gated: false,
    };
    expect(exits.map(({ distils }) => distils)).toEqual([[fromLast], []]);
    expect(storedSpec(spec)).toEqual(spec);
  });

  it('keeps all updates of a run that was made before specs said for how long', () => {
    const { keepRounds: _, ...policy } = smallSpec().policy;
    const kept: RunSpec = JSON.parse(JSON.stringify({ ...smallSpec(), policy }));
    expect(storedSpec(kept).policy).toEqual({ ...policy, keepRounds: 0 });
    expect(storedSpec(smallSpec({ policy: { keepRounds: 7 } })).policy.keepRounds).toBe(7);
  });

  it('has a default for every plan by its name alone', () => {
    expect(planNames).toEqual([
      'layer-to-layer',
      'layer-to-layer-literal',
      'layer-to-layer-through',
      'joint-self-distillation',
      'growing',
      'growing-together',
      'depth-federated',
      'sub-networks',
      'conventional',
      'student-alone',
      'aug-local',
      'deep-supervision',
      'momentum-auxiliary',
    ]);
    for (const name of planNames) expect(faults({ plan: { name } })).toEqual([]);
  });

  it.each([
    ['name', { name: ' ' }],
    ['name', { name: 'a\x1b[2J' }],
    ['seed', { seed: -1 }],
    ['seed', { seed: 1.5 }],
    ['dataset.trainParts', { dataset: { ...dataset, trainParts: 0 } }],
    ['plan.name', { plan: { name: 'layer-by-layer' } }],
    ['plan.turns', { plan: { name: 'aug-local', turns: 'all' } }],
    ['plan.warmUp', { plan: { name: 'layer-to-layer-through', warmUp: -0.1 } }],
    ['plan.growAt', { plan: { name: 'growing-together', growAt: 1.1 } }],
    ['plan.lambda', { plan: { name: 'deep-supervision', lambda: 11 } }],
    ['plan.beta', { plan: { name: 'joint-self-distillation', beta: -1 } }],
    ['plan.alpha', { plan: { name: 'layer-to-layer', alpha: 1.1 } }],
    ['plan.temperature', { plan: { name: 'layer-to-layer', temperature: 0 } }],
    ['plan.teacherEpochs', { plan: { name: 'layer-to-layer', teacherEpochs: 0 } }],
    ['plan.epochs', { plan: { name: 'conventional', epochs: 51 } }],
    ['rounds', { rounds: 0 }],
    ['rounds', { rounds: 10_001 }],
    ['rounds', { rounds: '3' }],
    ['targetAccuracy', { targetAccuracy: 95 }],
    ['training.learningRate', { training: { learningRate: 0 } }],
    ['training.learningRate', { training: { learningRate: Number.NaN } }],
    ['training.momentum', { training: { momentum: 1 } }],
    ['training.augment', { training: { augment: 'rotate' } }],
    ['training.partsPerLease', { training: { partsPerLease: 65 } }],
    ['policy.updatesPerRound', { policy: { updatesPerRound: 501 } }],
    ['policy.overIssue', { policy: { overIssue: 0.9 } }],
    ['policy.leaseMs', { policy: { leaseMs: 999 } }],
    ['policy.evaluators', { policy: { evaluators: 'nobody' } }],
    ['codec.name', { codec: 'f64' }],
    ['codec.name', { codec: { name: 'f64' } }],
    ['codec', { codec: 16 }],
    ['aggregation', { aggregation: 'mode' }],
  ])('says that %s is wrong in %o', (path, change) => {
    expect(faults(change)).toEqual([path]);
  });

  it('says all that is wrong at once', () => {
    expect(faults({ rounds: 0, seed: -1, policy: { leaseMs: 1 } }).toSorted()).toEqual([
      'policy.leaseMs',
      'rounds',
      'seed',
    ]);
  });
});

describe('progress', () => {
  it('is 0 in the first round and below 1 in the last', () => {
    const spec = smallSpec({ rounds: 4 });
    expect([1, 2, 3, 4].map(round => progressAt(spec, round))).toEqual([0, 0.25, 0.5, 0.75]);
  });

  it('of no round there is', () => {
    expect(() => progressAt(smallSpec(), 1.5)).toThrow();
    expect(() => progressAt(smallSpec(), -1)).toThrow();
  });
});
