import { describe, expect, it } from 'vitest';
import { taskMacs } from '../../../shared/plan/cost/macs.ts';
import { taskMemoryBytes } from '../../../shared/plan/cost/memory.ts';
import { kindsOverRun } from '../../../shared/plan/kinds-over-run.ts';
import {
  checkPlan,
  evaluationTask,
  fitsDevices,
  planTasks,
  undrawnTasks,
} from '../../../shared/plan/plan-tasks.ts';
import { expectedTensors } from '../../../shared/protocol/expected-tensors.ts';
import type { Task } from '../../../shared/protocol/lease.ts';
import { type ModelOutline, modelOutlineSchema } from '../../../shared/protocol/model-outline.ts';
import { planSpecSchema } from '../../../shared/protocol/plan-spec.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { smallSpec } from '../federation/small-run.ts';
import { chainOutline } from './outlines.ts';

/** Two convolutions whose norms have two groups, and a dense layer on four flattened positions. */
const outline: ModelOutline = modelOutlineSchema.parse({
  name: 'two-convolutions',
  inputShape: [2, 2, 1],
  classes: 3,
  topology: '0'.repeat(64),
  spaces: [
    { layer: 'conv1', channels: 8, granule: 4 },
    { layer: 'conv2', channels: 6, granule: 1 },
  ],
  segments: [
    {
      id: 'segment-1',
      kind: 'body',
      topology: '0'.repeat(64),
      layers: ['Conv2D', 'Conv2D'],
      tensors: [
        { name: 'conv1/kernel', shape: [1, 1, 1, 8], axes: [null, null, null, { spaces: [0] }], uses: 4 },
        {
          name: 'conv2/kernel',
          shape: [1, 1, 8, 6],
          axes: [null, null, { spaces: [0] }, { spaces: [1] }],
          uses: 4,
        },
      ],
      macs: 4 * 8 + 4 * 48,
      activations: 4 * 8 + 4 * 6,
      channels: {
        input: null,
        activations: [
          { space: 0, each: 4 },
          { space: 1, each: 4 },
        ],
      },
    },
    {
      id: 'segment-2',
      kind: 'body',
      topology: '0'.repeat(64),
      layers: ['Flatten', 'Dense'],
      tensors: [
        { name: 'logits/kernel', shape: [24, 3], axes: [{ spaces: [1], repeats: 4 }, null], uses: 1 },
        { name: 'logits/bias', shape: [3] },
      ],
      macs: 72,
      activations: 6,
      channels: { input: { spaces: [1] }, activations: [] },
    },
  ],
});

type Change = Omit<Extract<RunSpecInput['plan'], { name: 'sub-networks' }>, 'name'>;
const specOf = (change: Change = {}, run: Partial<RunSpecInput> = {}) =>
  smallSpec({ ...run, plan: { name: 'sub-networks', ...change } });
const tasksOf = (change: Change = {}, round = 1, run: Partial<RunSpecInput> = {}) =>
  planTasks(specOf(change, run), outline, round);

describe('nested widths', () => {
  it('have the first channels of every space, in whole granules, and end with the whole network', () => {
    const [half, whole, ...none] = tasksOf();
    expect(none).toEqual([]);
    expect([half?.role, whole?.role]).toEqual(['slice-1', 'whole']);
    expect(half?.slices).toEqual([
      { of: 8, spans: [{ first: 0, count: 4 }] },
      { of: 6, spans: [{ first: 0, count: 3 }] },
    ]);
    expect(whole?.slices).toBeUndefined();
    expect(whole?.trains).toEqual(['segment-1', 'segment-2']);
  });

  it('are each the same share of the next wider one, rounded down to granules', () => {
    const tasks = tasksOf({ slices: 3, shrink: 0.7 });
    const kept = tasks.map(({ slices = [] }) => slices.map(({ spans }) => spans[0]?.count));
    // 0.49 of 8 is less than one granule of 4: this width would be refused. 0.7 of 6 is 4.2.
    expect(kept).toEqual([[0, 2], [4, 4], []]);
  });

  it('are fitted to devices, and judged by the whole network', () => {
    expect(fitsDevices(specOf().plan)).toBe(true);
    expect(evaluationTask(specOf(), outline, 1)).toMatchObject({ path: ['segment-1', 'segment-2'] });
    expect(evaluationTask(specOf(), outline, 1).slices).toBeUndefined();
  });

  it('send and cost what is left of each tensor', () => {
    const [half, whole] = tasksOf();
    if (!half || !whole) throw new Error('two tasks');
    const elements = expectedTensors(outline, half.trains, half.slices).map(tensor => tensor.elements);
    expect(elements).toEqual([4, 12, 36, 3]);
    expect(taskMacs(outline, half)).toBe(3 * (4 * 4 + 4 * 12 + 36));
    expect(taskMacs(outline, whole)).toBe(3 * (4 * 8 + 4 * 48 + 72));
    expect(taskMemoryBytes(outline, half, 10)).toBeCloseTo(12 * 55 + 4 * 2.7 * 10 * (16 + 12 + 6), 6);
    expect(taskMemoryBytes(outline, whole, 10)).toBeCloseTo(12 * 131 + 4 * 2.7 * 10 * (32 + 24 + 6), 6);
  });
});

describe('disjoint shares', () => {
  const shares = (round: number, seed = 1) =>
    tasksOf({ slicing: 'disjoint', slices: 2 }, round, { seed }).map(({ slices = [] }) =>
      slices.map(({ spans }) =>
        spans.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i)),
      ),
    );

  it('have each channel once, the same number each, by roles in turn', () => {
    const [a, b] = shares(1);
    expect([...(a?.[0] ?? []), ...(b?.[0] ?? [])].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect([...(a?.[1] ?? []), ...(b?.[1] ?? [])].toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(a?.map(({ length }) => length)).toEqual([4, 3]);
    expect(tasksOf({ slicing: 'disjoint', slices: 2 }).map(({ role }) => role)).toEqual([
      'slice-1',
      'slice-2',
    ]);
    expect(fitsDevices(specOf({ slicing: 'disjoint' }).plan)).toBe(false);
  });

  it('are drawn anew each round and for each seed, and are the same whenever they are drawn', () => {
    expect(shares(1)).toEqual(shares(1));
    const drawn = [1, 2, 3, 4, 5, 6].flatMap(round => [shares(round), shares(round, 2)]);
    expect(new Set(drawn.map(one => JSON.stringify(one))).size).toBeGreaterThan(6);
  });

  it('lie side by side if they are not drawn, as large as they are drawn', () => {
    const spec = specOf({ slicing: 'disjoint' });
    const sizes = (tasks: readonly Task[]) =>
      tasks.map(task => expectedTensors(outline, task.trains, task.slices));
    expect(undrawnTasks(spec, outline, 1).map(({ slices }) => slices?.map(({ spans }) => spans))).toEqual([
      [[{ first: 0, count: 4 }], [{ first: 0, count: 3 }]],
      [[{ first: 4, count: 4 }], [{ first: 3, count: 3 }]],
    ]);
    expect(sizes(undrawnTasks(spec, outline, 1))).toEqual(sizes(planTasks(spec, outline, 1)));
    const fixed = {
      ...outline,
      spaces: [{ layer: 'conv1', channels: 8 }, ...(outline.spaces ?? []).slice(1)],
    };
    expect(undrawnTasks(spec, fixed, 1).map(({ slices }) => slices?.[0])).toEqual(
      planTasks(spec, fixed, 1).map(({ slices }) => slices?.[0]),
    );
  });

  it('are one kind of task a role, whatever was drawn', () => {
    expect(kindsOverRun(specOf({ slicing: 'disjoint' }, { rounds: 20 }), outline)).toHaveLength(2);
    expect(kindsOverRun(specOf({ slices: 4, shrink: 0.8 }), chainOutline(2))).toHaveLength(4);
  });
});

describe('sub-networks refuses, with the reason,', () => {
  const why = (change: Change, model: ModelOutline = outline): unknown => {
    const checked = checkPlan(planSpecSchema.parse({ name: 'sub-networks', ...change }), model);
    return checked.ok ? null : [checked.reason, checked.detail];
  };
  const [first, second] = outline.segments;
  if (!first || !second) throw new Error('two segments');

  it('a width at which a norm has no channels', () => {
    expect(why({ slices: 3 })).toEqual([
      'bad-spec',
      'sub-networks cannot slice two-convolutions: a width of 0.25 leaves conv1 no channels: it has 8, of which 4 belong together',
    ]);
    expect(why({ slices: 2 })).toBeNull();
  });

  it('shares that do not divide', () => {
    expect(why({ slicing: 'disjoint', slices: 3 })).toEqual([
      'bad-spec',
      'sub-networks cannot slice two-convolutions: 3 equal shares of the channels of conv1 are not possible: it has 8, of which 4 belong together',
    ]);
    expect(why({ slicing: 'disjoint', slices: 2 })).toBeNull();
  });

  it('an outline of an older release, and a network of which nothing can be sliced', () => {
    const { spaces: _, ...old } = outline;
    expect(why({}, old)).toEqual(['bad-spec', expect.stringContaining('does not say which channels')]);
    const fixed = {
      ...outline,
      spaces: [
        { layer: 'conv1', channels: 8 },
        { layer: 'conv2', channels: 6 },
      ],
    };
    expect(why({}, fixed)).toEqual(['bad-spec', expect.stringContaining('no layer of two-convolutions')]);
  });

  it('batch norm, naming its statistic', () => {
    const tensor = { name: 'norm/moving_mean', shape: [6], statistic: 'mean' as const };
    const normed = { ...outline, segments: [{ ...first, tensors: [...first.tensors, tensor] }, second] };
    expect(why({}, normed)).toEqual(['bad-spec', expect.stringContaining('norm/moving_mean')]);
  });

  it.each<[string, ModelOutline]>([
    [
      'are not as many',
      {
        ...outline,
        spaces: [
          { layer: 'conv1', channels: 12, granule: 4 },
          { layer: 'conv2', channels: 6, granule: 1 },
        ],
      },
    ],
    ['are not as many', { ...outline, spaces: [{ layer: 'conv1', channels: 8, granule: 4 }] }],
    [
      'do not divide',
      {
        ...outline,
        spaces: [
          { layer: 'conv1', channels: 8, granule: 3 },
          { layer: 'conv2', channels: 6, granule: 1 },
        ],
      },
    ],
    ['multiply-accumulates', { ...outline, segments: [{ ...first, macs: 1 }, second] }],
    ['activations', { ...outline, segments: [{ ...first, activations: 1 }, second] }],
    [
      'does not say which channels it has',
      { ...outline, segments: [{ ...first, channels: undefined }, second] },
    ],
    [
      'not there',
      { ...outline, segments: [first, { ...second, channels: { input: { spaces: [7] }, activations: [] } }] },
    ],
  ])('an outline that does not agree with itself: %s', (reason, odd) => {
    expect(why({}, odd)).toEqual(['bad-spec', expect.stringContaining(reason)]);
  });
});
