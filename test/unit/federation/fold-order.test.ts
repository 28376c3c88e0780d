import { describe, expect, it } from 'vitest';
import { foldRequest, pendingFolds } from '../../../shared/federation/round/fold-order.ts';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import { anyDevice, SmallRun, shard, threeSegments } from './small-run.ts';

/** Memory in MB by which a device fits one, two or all of the three segments. */
const ROOM = [0.005, 0.01, 0] as const;

/** A run by depth whose first round is folding: one volunteer for each of these depths. */
function folding(depths: readonly (1 | 2 | 3)[], { correction = 0, absent = 0 } = {}): SmallRun {
  const run = SmallRun.open(
    0,
    { plan: { name: 'depth-federated', correction }, policy: { updatesPerRound: depths.length } },
    threeSegments,
  );
  for (const depth of depths) run.join(`volunteer${depth}`, { ...anyDevice, memoryMB: ROOM[depth - 1] ?? 0 });
  for (let i = 0; i < absent; i++) run.join(`absent${i}`);
  for (const depth of depths) run.accept(run.lease(`volunteer${depth}`));
  expect(run.state.round.status).toBe('folding');
  return run;
}

const pending = ({ config, state }: SmallRun): Role[] => pendingFolds(config, state);
const request = ({ config, state }: SmallRun, role: Role) => foldRequest(config, state, role);

describe('[PUB7] the folds of roles that train the same segments', () => {
  it('come one after another, the lightest first, and hand on what a heavier one trains too', () => {
    const run = folding([1, 2, 3]);
    expect(pending(run)).toEqual(['student']);
    expect(request(run, 'student')).toMatchObject({ handed: {}, handsOn: ['segment-1', 'head-1'] });

    const first = { 'segment-1': ['a'], 'head-1': ['b'] };
    run.handOn('student', first);
    expect(pending(run)).toEqual(['depth-2']);
    expect(request(run, 'depth-2')).toMatchObject({
      handed: first,
      handsOn: ['segment-1', 'segment-2', 'head-1', 'head-2'],
    });

    const second = { 'segment-1': ['c'], 'segment-2': ['d'], 'head-1': ['e'], 'head-2': ['f'] };
    run.handOn('depth-2', second);
    expect(pending(run)).toEqual(['whole']);
    expect(request(run, 'whole')).toMatchObject({ handed: second, handsOn: [] });

    run.fold('whole', { 'segment-1': [shard(7)] });
    expect(pending(run)).toEqual([]);
    expect(run.state.manifest.version).toBe(1);
    expect(run.state.manifest.segments['segment-1']).toEqual({ version: 1, shards: [shard(7)] });
  });

  it('pass over a role that nobody has in this round', () => {
    const run = folding([1, 3]);
    run.handOn('student', { 'segment-1': ['a'], 'head-1': ['b'] });
    run.fold('depth-2', {}, 0);
    expect(request(run, 'whole')).toMatchObject({ handed: { 'segment-1': ['a'], 'head-1': ['b'] } });
  });

  it('go on through a role without updates, which hands on what it was handed', () => {
    const run = folding([1]);
    run.handOn('student', { 'segment-1': ['a'], 'head-1': ['b'] });
    run.handOn('depth-2', { 'segment-1': ['c'], 'head-1': ['d'] });
    expect(request(run, 'whole')).toMatchObject({ handed: { 'segment-1': ['c'], 'head-1': ['d'] } });
  });

  it('come at once if no segment is shared', () => {
    const run = SmallRun.open(2);
    for (const volunteer of ['volunteer0', 'volunteer1']) run.accept(run.lease(volunteer));
    for (const volunteer of ['volunteer0', 'volunteer1']) {
      if (run.state.round.status === 'folding') break;
      run.accept(run.lease(volunteer));
    }
    expect(pending(run)).toEqual(['student', 'teacher']);
    for (const role of pending(run)) expect(request(run, role)).toMatchObject({ handed: {}, handsOn: [] });
  });
});

describe('[PUB8] a fold that corrects drift', () => {
  const slots = { moved: [shard(8), null] };

  it('is told how many examples all have who may train a segment, ten a lease, in the round or not', () => {
    const run = folding([1, 2, 3], { correction: 0.1, absent: 2 });
    run.handOn('student', { 'segment-1': ['a'], 'head-1': ['b'] });
    run.handOn('depth-2', { 'segment-1': ['c'], 'segment-2': ['d'], 'head-1': ['e'], 'head-2': ['f'] });
    expect(request(run, 'whole').allExamples).toEqual({
      'segment-1': 50,
      'segment-2': 40,
      'segment-3': 30,
      'head-1': 50,
      'head-2': 40,
    });
  });

  it('is told nothing of the kind in other runs', () => {
    expect(request(folding([3]), 'whole')).not.toHaveProperty('allExamples');
  });

  it('puts what the optimizer keeps into the version, beside the shards it belongs to', () => {
    const run = folding([3], { correction: 0.1 });
    for (const role of ['student', 'depth-2'] as const) run.fold(role, {}, 0);
    const folded = { updates: 1, segments: { 'segment-1': [shard(7)] }, slots: { 'segment-1': slots } };
    run.step({ type: 'folded', role: 'whole', round: 1, result: folded });
    const { segments } = run.state.manifest;
    expect(segments['segment-1']).toEqual({ version: 1, shards: [shard(7)], slots });
    expect(segments['segment-2']).not.toHaveProperty('slots');
  });
});
