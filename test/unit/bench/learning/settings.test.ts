import { describe, expect, it } from 'vitest';
import { describeCut, describeSettings, fieldsOf, keyOf } from '../../../bench/learning/learning-run.ts';
import type { LearningFlags } from '../../../bench/learning/settings/learning-flags.ts';
import { readSettings, runsOf } from '../../../bench/learning/settings/settings.ts';
import { LEARNING_VERSION } from '../../../bench/learning/version.ts';

const read = (flags: LearningFlags, file = '[]') => readSettings(flags, () => file);

const CROWD: LearningFlags = { federated: true, devices: '0.5:1,0.5:whole', match: 'rounds' };

describe('the flags of the learning bench', () => {
  it('compare the four families at four passes on the test split where none is given', () => {
    const { arms, terms, seeds, out } = read({});
    expect([...new Set(arms.map(({ model }) => model))]).toEqual([
      'cnn-5',
      'vgg16-quarter',
      'resnext20-8x4',
      'densenet-28-12',
    ]);
    expect([...new Set(arms.map(({ plan }) => plan.name))]).toEqual([
      'conventional',
      'growing-together',
      'student-alone',
    ]);
    expect(terms).toMatchObject({ match: 'flops', budget: 4, split: 'test', federated: null });
    expect(seeds).toEqual([1, 2, 3]);
    expect(out).toBe(`test/bench/results/learning-cifar-10-v${LEARNING_VERSION}.jsonl`);
  });

  it('take a plan with its settings, rate and cut, and the next plan behind them', () => {
    const { arms } = read({
      models: 'vgg16',
      plans:
        'growing-together:growAt=0.4,lambda=0.2,rate=0.02,cut=pool2+pool4,conventional,student-alone:segments=3',
    });
    expect(arms.map(({ plan, rate }) => [plan.name, rate])).toEqual([
      ['growing-together', 0.02],
      ['conventional', 0.01],
      ['student-alone', 0.01],
    ]);
    expect(arms[0]?.plan).toMatchObject({ growAt: 0.4, lambda: 0.2, beta: 0.5 });
    expect(arms.map(describeCut)).toEqual(['pool2+pool4', '', '3 segments']);
  });

  it('try every rate of a grid where an arm has none of its own, on the development split', () => {
    const { arms, terms, out } = read({
      models: 'cnn-tiny',
      plans: 'conventional,growing-together:rate=0.5',
      rates: '0.01,0.02',
      dataset: 'glyphs',
    });
    expect(arms.map(({ rate }) => rate)).toEqual([0.01, 0.02, 0.5]);
    expect(terms.split).toBe('dev');
    expect(out).toBe(`test/bench/results/learning-glyphs-dev-v${LEARNING_VERSION}.jsonl`);
  });

  it('take a rate by model, by family or by its name in the zoo', () => {
    const { arms } = read({
      models: 'vgg16,cnn-tiny',
      plans: 'conventional',
      rates: 'vgg16=0.3,cnn-tiny=0.1',
    });
    expect(arms.map(({ model, rate }) => [model, rate])).toEqual([
      ['vgg16-quarter', 0.3],
      ['cnn-tiny', 0.1],
    ]);
  });

  it('mean the families as published with --full', () => {
    expect(
      read({ models: 'vgg16,resnext', plans: 'conventional', full: true }).arms.map(a => a.model),
    ).toEqual(['vgg16', 'resnext29-8x64']);
  });

  it('take seeds as a count, a list, or one', () => {
    expect(read({ seeds: '2' }).seeds).toEqual([1, 2]);
    expect(read({ seeds: '4,7' }).seeds).toEqual([4, 7]);
    expect(read({ seeds: '5,' }).seeds).toEqual([5]);
  });

  it('take the settings of shared/plan/README.md for one machine, and those of the plan for volunteers', () => {
    const plan = (flags: LearningFlags) => read({ plans: 'layer-to-layer', ...flags }).arms[0]?.plan;
    expect(plan({})).toMatchObject({ beta: 0.5, freezeAt: 0.5 });
    expect(plan({ federated: true })).toMatchObject({ beta: 0, freezeAt: 0.7 });
    expect(plan({ federated: true, 'local-epochs': '3' })).toMatchObject({
      studentEpochs: 3,
      teacherEpochs: 3,
    });
  });

  it('take the arms from a file instead', () => {
    const file = JSON.stringify([
      { model: 'vgg16', plan: 'growing-together', settings: { growAt: 0.3 }, rate: 0.05, cuts: ['pool3'] },
      { model: 'cnn', plan: 'conventional', segments: 3, heads: 'dense' },
    ]);
    const { arms } = read({ config: 'arms.json', federated: true, partition: 'dirichlet:0.5' }, file);
    expect(arms).toMatchObject([
      { model: 'vgg16-quarter', rate: 0.05, cuts: ['pool3'], plan: { growAt: 0.3 } },
      { model: 'cnn-5', segments: 3, heads: 'dense', plan: { name: 'conventional' } },
    ]);
  });

  it('take arms with names, and with devices that have room for all', () => {
    const file = JSON.stringify([
      { arm: 'strong-only', model: 'cnn', plan: 'conventional' },
      { arm: 'all-strong', model: 'cnn', plan: 'conventional', devices: 'all' },
    ]);
    const { arms, terms } = read({ ...CROWD, config: 'arms.json' }, file);
    expect(arms.map(({ arm, isAllStrong }) => [arm, isAllStrong])).toEqual([
      ['strong-only', false],
      ['all-strong', true],
    ]);
    expect(terms.federated?.devices).toEqual([
      { share: 0.5, room: { kind: 'depth', depth: 1 } },
      { share: 0.5, room: { kind: 'whole' } },
    ]);
  });

  it('give each volunteer its share of the pictures with --own', () => {
    const { terms } = read({ federated: true, own: true, volunteers: '8', examples: '5000' });
    expect(terms).toMatchObject({ leaseExamples: 625, federated: { ownPictures: true } });
  });

  it.each<[LearningFlags, string]>([
    [{ models: 'vgg19' }, "--models: there is no 'vgg19'"],
    [{ plans: 'magic' }, "--plans: there is no plan 'magic'"],
    [{ plans: 'growing-together:grow=1' }, "--plans: growing-together has no setting 'grow'"],
    [
      { plans: 'growing-together:growAt=2' },
      '--plans: growAt of growing-together takes a number from 0 to 1',
    ],
    [{ plans: 'conventional:rate=0' }, '--plans: a learning rate is a number above 0'],
    [{ plans: 'conventional:segments=1' }, '--plans: segments takes a whole number'],
    [{ plans: 'conventional:fast' }, "--plans: 'fast' is not setting=value"],
    [{ rates: 'vgg16=0.1,0.2' }, '--rates takes model=rate,… or a list'],
    [{ rates: '0.1,0.2', split: 'test' }, '--rates: a grid is tuned with --split dev'],
    [{ match: 'time' }, "--match takes flops, steps, bytes, rounds, got 'time'"],
    [{ devices: '1:whole' }, '--devices needs --federated'],
    [{ own: true }, '--own needs --federated'],
    [{ federated: true, own: true, 'lease-examples': '50' }, '--lease-examples: with --own'],
    [{ federated: true, own: true, volunteers: '8', examples: '7' }, '--own: 7 pictures are too few'],
    [
      { federated: true, own: true, match: 'rounds', budget: '2.5' },
      '--budget: with --own and --match rounds',
    ],
    [{ ...CROWD, match: 'flops' }, '--devices needs --match rounds'],
    [{ ...CROWD, devices: '' }, '--devices takes SHARE:ROOM'],
    [{ ...CROWD, devices: '0.5:1,0.4:whole' }, 'add up to 0.9, not to 1'],
    [{ ...CROWD, volunteers: '1' }, 'nobody of 1 volunteers is of the class 0.5:whole'],
    [{ ...CROWD, models: 'cnn', plans: 'conventional,student-alone:cut=pool1' }, 'cnn-5 is cut in 2 ways'],
    [{ match: 'bytes' }, '--match bytes needs --federated'],
    [{ volunteers: '4' }, '--volunteers needs --federated'],
    [{ federated: true, partition: 'dirichlet:' }, '--partition takes iid or dirichlet:ALPHA'],
    [{ federated: true, partition: 'skewed' }, '--partition takes iid or dirichlet:ALPHA'],
    [{ dataset: 'imagenet' }, '--dataset takes cifar-10'],
    [{ budget: '0' }, '--budget takes a number above 0'],
    [{ seeds: '0' }, '--seeds takes whole numbers'],
    [{ seeds: ',' }, '--seeds takes a count or a list'],
    [{ out: '' }, "--out takes a file's name"],
    [{ config: 'x', plans: 'conventional' }, '--config names the models and plans'],
  ])('refuse %j in one line', (flags, reason) => {
    expect(() => read(flags)).toThrow(reason);
  });

  it.each([
    ['{', '--config: '],
    ['[]', '--config: the file'],
    ['[{"plan":"conventional"}]', '--config: 0.model'],
    ['[{"model":"cnn","plan":"conventional","lr":1}]', '--config: '],
    [
      '[{"model":"cnn","plan":"conventional"},{"model":"cnn","plan":"magic"}]',
      "--config: 1: there is no plan 'magic'",
    ],
    ['[{"model":"vgg19","plan":"conventional"}]', "--config: 0: there is no 'vgg19'"],
    ['[{"arm":"a:b","model":"cnn","plan":"conventional"}]', '--config: 0.arm: an arm is named in'],
    ['[{"model":"cnn","plan":"conventional","devices":"all"}]', '--devices: an arm has "devices": "all"'],
  ])('refuse the file %s', (file, reason) => {
    expect(() => read({ config: 'arms.json' }, file)).toThrow(reason);
  });
});

describe('the runs', () => {
  const runs = (flags: LearningFlags) => runsOf(read({ models: 'cnn-tiny', seeds: '2', ...flags }));
  const keys = (flags: LearningFlags) => runs(flags).map(run => keyOf(fieldsOf(run)));

  it('come seed by seed, so that an interrupted bench has whole comparisons', () => {
    expect(runs({ plans: 'conventional,student-alone' }).map(({ seed, plan }) => [seed, plan.name])).toEqual([
      [1, 'conventional'],
      [1, 'student-alone'],
      [2, 'conventional'],
      [2, 'student-alone'],
    ]);
  });

  it('are known again by their key, and by nothing that does not change their result', () => {
    expect(keys({ threads: '2', out: 'elsewhere' })).toEqual(keys({}));
    expect(new Set(keys({})).size).toBe(6);
  });

  it.each<LearningFlags>([
    { plans: 'growing-together:growAt=0.3' },
    { plans: 'growing-together:rate=0.3' },
    { plans: 'growing-together:cut=pool1' },
    { plans: 'growing-together:segments=3' },
    { plans: 'growing-together:heads=dense' },
    { plans: 'growing-together', examples: '500' },
    { plans: 'growing-together', dataset: 'mnist' },
    { plans: 'growing-together', match: 'steps' },
    { plans: 'growing-together', budget: '5' },
    { plans: 'growing-together', split: 'dev' },
    { plans: 'growing-together', batch: '16' },
    { plans: 'growing-together', 'lease-examples': '250' },
    { plans: 'growing-together', federated: true },
  ])('are other runs with %j', flags => {
    const [first] = keys({ plans: 'growing-together' });
    expect(keys(flags)).not.toContain(first);
  });

  it('are other runs with other volunteers, partitions, devices, pictures and local epochs', () => {
    const all = [
      {},
      { volunteers: '8' },
      { partition: 'dirichlet:1' },
      { partition: 'dirichlet:2' },
      { 'local-epochs': '2' },
      { own: true },
      { match: 'rounds' },
      CROWD,
      { ...CROWD, devices: '0.5:1,0.5:2' },
    ].map(flags => keys({ plans: 'conventional', federated: true, ...flags })[0]);
    expect(new Set(all).size).toBe(9);
  });

  it('tell all settings of their plan in one text', () => {
    expect(describeSettings(runs({ plans: 'conventional' })[0]?.plan ?? { name: 'growing', epochs: 9 })).toBe(
      'epochs=1',
    );
  });
});
