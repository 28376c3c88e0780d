import { describe, expect, it } from 'vitest';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { conventional, layerToLayer, SmallRun, shard } from './small-run.ts';

describe('publishing', () => {
  const closed = (): SmallRun => {
    const run = SmallRun.open(2, { plan: layerToLayer });
    const leases = [run.lease('volunteer0'), run.lease('volunteer1')];
    for (const lease of leases) run.accept(lease);
    return run;
  };

  it('[PUB1] a version is out when every cohort has folded', () => {
    const run = closed();
    run.fold('student', { 'segment-1': [shard(5)], 'head-1': [shard(6)] });
    expect(run.state.manifest.version).toBe(0);
    run.fold('teacher', { 'segment-2': [shard(7)] }, 3);
    expect(run.state.manifest).toEqual({
      version: 1,
      segments: {
        'segment-1': { version: 1, shards: [shard(5)] },
        'head-1': { version: 1, shards: [shard(6)] },
        'segment-2': { version: 1, shards: [shard(7)] },
      },
    });
    expect(run.last('version-published')).toEqual({
      type: 'version-published',
      version: 1,
      round: 1,
      updates: { student: 1, teacher: 3 },
      segments: {
        'segment-1': [shard(5).sha256],
        'head-1': [shard(6).sha256],
        'segment-2': [shard(7).sha256],
      },
    });
  });

  it('[PUB1] a segment nobody returned keeps its weights', () => {
    const run = closed();
    run.fold('student', {}, 0);
    run.fold('teacher', { 'segment-2': [shard(7)] });
    expect(run.state.manifest.segments['segment-1']).toEqual({ version: 0, shards: [shard(1)] });
    expect(run.state.manifest.segments['segment-2']).toEqual({ version: 1, shards: [shard(7)] });
  });

  it('[PUB2] a fold told twice, of another round or of no role of this one changes nothing', () => {
    const run = closed();
    run.fold('student', { 'segment-1': [shard(5)] });
    const before = run.state;
    run.fold('student', { 'segment-1': [shard(8)] });
    run.fold('whole', { 'segment-1': [shard(8)] });
    run.step({ type: 'folded', role: 'teacher', round: 2, result: { updates: 1, segments: {} } });
    expect(run.state).toEqual(before);
  });

  it('[PUB2] a fold of a round that is still open changes nothing', () => {
    const run = SmallRun.open(2);
    run.lease('volunteer0');
    const before = run.state;
    run.fold('student');
    run.fold('teacher');
    expect(run.state).toEqual(before);
  });

  /** Round 1 closes while `second` is still in training for it. */
  const withOneOut = (policy: RunSpecInput['policy'], plan: RunSpecInput['plan'] = conventional) => {
    const run = SmallRun.open(3, { plan, policy: { updatesPerRound: 1, overIssue: 3, ...policy } });
    const first = run.lease('volunteer0');
    const second = run.lease('volunteer1');
    run.accept(first);
    run.fold(first.role);
    return { run, second };
  };

  it('[PUB3] ends the training leases that are out and begins the next round, if rounds are synchronous', () => {
    const { run, second } = withOneOut({ rounds: 'synchronous' });
    expect(run.state.leases.size).toBe(0);
    expect(run.state.round).toEqual({ status: 'unopened', number: 2, served: {}, idleSince: null });
    expect(run.last('lease-ended')).toMatchObject({ lease: second.id, why: 'the round closed' });
  });

  it('[PUB3] leaves the training leases that are out where they are, if rounds are buffered', () => {
    const { run, second } = withOneOut({});
    expect(Array.from(run.state.leases.values(), ({ id }) => id)).toEqual([second.id]);
    expect(run.state.round).toEqual({ status: 'unopened', number: 2, served: {}, idleSince: null });
    expect(run.has('lease-ended')).toBe(false);
  });

  it('[PUB3] ends those whose task does not come again in time', () => {
    expect(withOneOut({ maxStaleness: 0 }).run.state.leases.size).toBe(0);
    const turns = { name: 'layer-to-layer', turns: 'alternate', freezeAt: 1 } as const;
    const { run, second } = withOneOut({ maxStaleness: 1 }, turns);
    expect(run.last('lease-ended')).toMatchObject({ lease: second.id, why: 'the round closed' });
    expect(withOneOut({ maxStaleness: 2 }, turns).run.state.leases.size).toBe(1);
  });

  it('[PUB3] ends all training leases with the last round', () => {
    const run = SmallRun.open(2, {
      plan: conventional,
      rounds: 1,
      policy: { updatesPerRound: 1, overIssue: 2 },
    });
    const first = run.lease('volunteer0');
    const second = run.lease('volunteer1');
    run.accept(first);
    run.fold('whole');
    expect(run.state.leases.size).toBe(0);
    expect(run.last('lease-ended')).toMatchObject({ lease: second.id, why: 'the round closed' });
  });

  it('[PUB3] after the last round there is only evaluation', () => {
    const run = SmallRun.open(1, { plan: conventional, rounds: 1 });
    run.accept(run.lease('volunteer0'));
    run.fold('whole');
    expect(run.state).toMatchObject({ round: { number: 1, status: 'over' } });
    expect(run.lease('volunteer0').role).toBe('evaluator');
  });
});
