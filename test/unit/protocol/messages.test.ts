import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { expectedTensors } from '../../../shared/protocol/expected-tensors.ts';
import { idSchema, roleSchema, segmentIdSchema, sha256Schema } from '../../../shared/protocol/identifiers.ts';
import {
  evaluationMetricsSchema,
  leaseSchema,
  trainingMetricsSchema,
} from '../../../shared/protocol/lease.ts';
import {
  createRunRequestSchema,
  joinRequestSchema,
  leaseResponseSchema,
  releaseRequestSchema,
} from '../../../shared/protocol/messages.ts';
import {
  headOf,
  modelOutlineSchema,
  parametersOf,
  parametersOfBody,
  segmentById,
  shardRefSchema,
} from '../../../shared/protocol/model-outline.ts';
import { paths } from '../../../shared/protocol/paths.ts';
import {
  anyDevice,
  layerToLayer,
  shard,
  smallModel,
  smallSpec,
  trainingMetrics,
} from '../federation/small-run.ts';

function faults(schema: z.ZodType, value: unknown): string[] {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : parsed.error.issues.map(issue => issue.path.join('.'));
}

describe('identifiers', () => {
  it.each([
    ['a sha-256', sha256Schema, 'a'.repeat(64), ['A'.repeat(64), 'a'.repeat(63), `${'a'.repeat(64)}\n`]],
    ['an id', idSchema, 'abc123', ['abc12', 'a'.repeat(33), 'abc-123', '../etc', 'ABCDEF']],
    ['a segment', segmentIdSchema, 'head-1', ['1-head', 'Head', 'a/b', '', 'a'.repeat(33)]],
    ['a role', roleSchema, 'student', ['Student', 'referee', '']],
  ])('%s is told from what looks like one', (_, schema: z.ZodType, good, bad) => {
    expect(faults(schema, good)).toEqual([]);
    for (const value of bad) expect(faults(schema, value), value).toEqual(['']);
  });
});

describe('a model outline', () => {
  it('counts parameters by segment, and of the body without heads', () => {
    expect(smallModel.segments.map(parametersOf)).toEqual([100, 7, 1_000]);
    expect(parametersOfBody(smallModel)).toBe(1_100);
    expect(headOf(smallModel, 'segment-1')?.id).toBe('head-1');
    expect(headOf(smallModel, 'segment-2')).toBe(undefined);
    expect(() => segmentById(smallModel, 'segment-3')).toThrow('model small has no segment segment-3');
  });

  it('says what tensors an update carries, in the order of its segments', () => {
    expect(expectedTensors(smallModel, ['segment-2', 'head-1'])).toEqual([
      { segment: 'segment-2', tensor: 'segment-2/kernel', elements: 1_000 },
      { segment: 'head-1', tensor: 'head-1/kernel', elements: 7 },
    ]);
  });

  it.each([
    ['classes', { classes: 1 }],
    ['inputShape', { inputShape: [28, 28] }],
    ['inputShape.2', { inputShape: [28, 28, 0] }],
    ['segments', { segments: [] }],
    ['segments.0.kind', { segments: [{ ...smallModel.segments[0], kind: 'tail' }] }],
    [
      'segments.0.tensors.0.shape.0',
      { segments: [{ ...smallModel.segments[0], tensors: [{ name: 'a', shape: [0] }] }] },
    ],
  ])('says that %s is wrong in %o', (path, change) => {
    expect(faults(modelOutlineSchema, { ...smallModel, ...change })).toEqual([path]);
  });

  it('has shards that fit a row of SQLite', () => {
    expect(faults(shardRefSchema, { ...shard(1), bytes: 2_000_000 })).toEqual([]);
    expect(faults(shardRefSchema, { ...shard(1), bytes: 2_000_001 })).toEqual(['bytes']);
  });
});

describe('messages', () => {
  const create = { spec: smallSpec(), model: smallModel, segments: { 'segment-1': [shard(1)] } };

  it('a run is created from a spec with its defaults left out', () => {
    const { name, seed, dataset, rounds } = smallSpec();
    const spec = { name, seed, dataset, rounds, plan: layerToLayer };
    expect(createRunRequestSchema.parse({ ...create, spec })).toEqual(create);
  });

  it.each([
    ['joinCode', { joinCode: 'abc' }],
    ['segments.segment-1', { segments: { 'segment-1': [] } }],
    ['segments.Segment', { segments: { Segment: [shard(1)] } }],
    ['spec.rounds', { spec: { ...smallSpec(), rounds: 0 } }],
  ])('a run is not created with a wrong %s', (path, change) => {
    expect(faults(createRunRequestSchema, { ...create, ...change })).toEqual([path]);
  });

  it.each([
    ['name', { name: '   ' }],
    ['name', { name: 'x'.repeat(41) }],
    ['name', { name: 'Ada\x1b[2J' }],
    ['name', { name: 'Ada\nBob' }],
    ['device.memoryMB', { device: { ...anyDevice, memoryMB: -1 } }],
    ['device.macsPerSecond', { device: { ...anyDevice, macsPerSecond: Number.POSITIVE_INFINITY } }],
    ['code', { code: 'x'.repeat(41) }],
  ])('nobody joins with a wrong %s', (path, change) => {
    expect(faults(joinRequestSchema, { name: 'Ada', device: anyDevice, ...change })).toEqual([path]);
  });

  it('a name is trimmed', () => {
    expect(joinRequestSchema.parse({ name: ' Ada ', device: anyDevice }).name).toBe('Ada');
  });

  it('a reply to a request for a lease is one of three', () => {
    expect(faults(leaseResponseSchema, { type: 'finished' })).toEqual([]);
    expect(faults(leaseResponseSchema, { type: 'wait', retryAfterMs: 1, reason: 'r' })).toEqual([]);
    expect(faults(leaseResponseSchema, { type: 'wait', reason: 'r' })).toEqual(['retryAfterMs']);
    expect(faults(leaseResponseSchema, { type: 'go away' })).toEqual(['type']);
  });

  it('a reason to give a lease back is at most as long as the ledger takes', () => {
    expect(faults(releaseRequestSchema, { reason: 'x'.repeat(200) })).toEqual([]);
    expect(faults(releaseRequestSchema, { reason: 'x'.repeat(201) })).toEqual(['reason']);
  });
});

describe('leases and metrics', () => {
  const exit = { after: 'segment-1', through: [], labelWeight: 1, distils: [] };
  const lease = {
    id: 'lease1',
    token: 'token',
    round: 1,
    version: 0,
    task: {
      role: 'student',
      frozen: [],
      views: 1,
      path: ['segment-1'],
      isolated: false,
      exits: [exit],
      trains: ['segment-1'],
      epochs: 1,
      schedule: { rate: 0.1, from: 0, to: 0.5, ends: {} },
    },
    split: 'train',
    parts: [0],
    examples: 10,
    deadlineMs: 1,
    seed: 1,
    byteAllowance: 1,
    segments: { 'segment-1': { topology: shard(1).sha256, shards: [shard(2)] } },
  };

  it.each([
    ['', {}],
    ['parts', { parts: [] }],
    ['split', { split: 'validation' }],
    ['deadlineMs', { deadlineMs: -1 }],
    ['task.exits', { task: { ...lease.task, exits: [] } }],
    ['task.exits.0.labelWeight', { task: { ...lease.task, exits: [{ ...exit, labelWeight: -1 }] } }],
    ['task.exits.0.distils.0', { task: { ...lease.task, exits: [{ ...exit, distils: [null] }] } }],
    ['task.schedule.to', { task: { ...lease.task, schedule: { ...lease.task.schedule, to: 1.5 } } }],
    ['task.views', { task: { ...lease.task, views: 0 } }],
  ])('the fault of a lease is found at "%s" in %o', (path, change) => {
    expect(faults(leaseSchema, { ...lease, ...change })).toEqual(path === '' ? [] : [path]);
  });

  it.each([
    ['samples', { samples: 1.5 }],
    ['loss', { loss: Number.NaN }],
    ['loss', { loss: 1e10 }],
    ['trainMs', { trainMs: -1 }],
    ['backend', { backend: 'x'.repeat(41) }],
  ])('training metrics with a wrong %s are refused: %o', (path, change) => {
    expect(faults(trainingMetricsSchema, { ...trainingMetrics, ...change })).toEqual([path]);
  });

  it('metrics of one kind are not metrics of the other', () => {
    expect(faults(trainingMetricsSchema, trainingMetrics)).toEqual([]);
    expect(faults(evaluationMetricsSchema, trainingMetrics)).toEqual(['examples', 'correct', 'lossSum']);
  });
});

it('paths are under /api and name what they are of', () => {
  expect(paths.update('run000', 'lease1')).toBe('/api/runs/run000/leases/lease1/update');
  expect(paths.version('run000', 3)).toBe('/api/runs/run000/versions/3');
  const all = Object.values(paths).map(path =>
    typeof path === 'string' ? path : path('run000', 'lease1' as never, 2, 3),
  );
  expect(new Set(all).size).toBe(all.length);
  expect(all.every(path => path.startsWith('/api/'))).toBe(true);
});
