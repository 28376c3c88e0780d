import { describe, expect, it } from 'vitest';
import { defaultGlyphs, defaultSpec } from '../../client/host/default-spec.ts';
import { networkPlaces, type Place } from '../../client/web/run/network-places.ts';
import { roleColor } from '../../client/web/ui/role-color.ts';
import type { ModelOutline, Segment } from '../../shared/protocol/model-outline.ts';
import { type RunSpecInput, runSpecSchema } from '../../shared/protocol/run-spec.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { emptyView } from '../../shared/view/empty-view.ts';
import { createTinyModel } from '../support/tiny-model.ts';

const { outline: two } = createTinyModel();
const [body, head] = two.segments as [Segment, Segment, Segment];

/** Three body segments, a head on each of the first two, and an average before each head where wanted. */
const three = (averages = false): ModelOutline => ({
  ...two,
  segments: [
    ...[1, 2, 3].map(i => ({ ...body, id: `segment-${i}` })),
    ...(averages
      ? [1, 2].map(i => ({ ...body, id: `average-${i}`, kind: 'average' as const, of: `segment-${i + 1}` }))
      : []),
    ...[1, 2].map(i => ({ ...head, id: `head-${i}`, of: `segment-${i}` })),
  ],
});

const viewAt = (round: number, phase: RunView['phase'] = 'open'): RunView => {
  const view = emptyView();
  const current = { ...view.current, round, version: round };
  return { ...view, seq: 1, phase, round, version: round - 1, openedAt: 0, current };
};

const standings = (plan: RunSpecInput['plan'], model: ModelOutline, view: RunView) => {
  const choices = { name: 'a run', seed: 1, dataset: defaultGlyphs(1), plan: plan.name, rounds: 10 };
  const spec = runSpecSchema.parse({ ...defaultSpec(choices), plan });
  const tell = ({ segment, standing, trainedBy, joinsIn, beside }: Place): string[] => [
    [segment.id, standing, ...trainedBy, ...(standing === 'joins-later' ? [joinsIn] : [])].join(' '),
    ...beside.flatMap(tell),
  ];
  return networkPlaces({ spec, model }, view, {}).flatMap(tell);
};

describe('where segments stand', () => {
  it('of three parts, each is trained by its own role, with its head', () => {
    expect(standings({ name: 'layer-to-layer' }, three(), viewAt(1))).toEqual([
      'segment-1 trained student',
      'head-1 trained student',
      'segment-2 trained segment-2',
      'head-2 trained segment-2',
      'segment-3 trained teacher',
    ]);
  });

  it('behind the freeze point those before the last are frozen, and heads that nobody asks are not needed', () => {
    expect(standings({ name: 'layer-to-layer' }, three(), viewAt(9))).toEqual([
      ...['segment-1 frozen', 'head-1 done', 'segment-2 frozen', 'head-2 done', 'segment-3 trained teacher'],
    ]);
  });

  it('of a growing network, what has not joined says in which round it will', () => {
    expect(standings({ name: 'growing-together', growAt: 0.4 }, three(), viewAt(2))).toEqual([
      ...['segment-1 trained student', 'head-1 trained student'],
      ...['segment-2 joins-later 3', 'head-2 joins-later 3', 'segment-3 joins-later 5'],
    ]);
  });

  it('what a plan never needs is not part of the run, also when that is over', () => {
    expect(standings({ name: 'student-alone' }, two, viewAt(1))).toEqual([
      ...['segment-1 trained student', 'head-1 trained student', 'segment-2 unused'],
    ]);
    expect(standings({ name: 'student-alone' }, two, viewAt(10, 'finished'))).toEqual([
      ...['segment-1 over', 'head-1 over', 'segment-2 unused'],
    ]);
  });

  it('an average follows, before the head that learns through it', () => {
    expect(standings({ name: 'momentum-auxiliary' }, three(true), viewAt(1)).slice(0, 3)).toEqual([
      ...['segment-1 trained student', 'average-1 follows', 'head-1 trained student'],
    ]);
  });
});

describe('heads that are part of the network', () => {
  const staying = (plan: RunSpecInput['plan']): string[] => {
    const choices = { name: 'a run', seed: 1, dataset: defaultGlyphs(1), plan: plan.name, rounds: 10 };
    const spec = runSpecSchema.parse({ ...defaultSpec(choices), plan });
    const all = (place: Place): Place[] => [place, ...place.beside.flatMap(all)];
    const places = networkPlaces({ spec, model: three() }, viewAt(1), {}).flatMap(all);
    return places.filter(({ stays }) => stays).map(({ segment }) => segment.id);
  };

  it('are those of a plan that adds their answers, and of no other', () => {
    expect(staying({ name: 'growing-together', answer: 'sum' })).toEqual(['head-1', 'head-2']);
    expect(staying({ name: 'growing-together', answer: 'last' })).toEqual([]);
    expect(staying({ name: 'layer-to-layer' })).toEqual([]);
  });
});

describe('the colour of a role', () => {
  it('is its own, for parts in the middle one of six in turn', () => {
    expect((['student', 'segment-2', 'segment-7', 'segment-8'] as const).map(roleColor)).toEqual([
      ...['--role-student', '--role-middle-1', '--role-middle-6', '--role-middle-1'],
    ]);
  });
});
