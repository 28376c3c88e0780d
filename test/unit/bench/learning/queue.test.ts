import { describe, expect, it } from 'vitest';
import { fieldsOf, keyOf, type LearningRun } from '../../../bench/learning/learning-run.ts';
import {
  type BenchEntry,
  isHopeless,
  isItemDone,
  itemsOf,
  runOf,
} from '../../../bench/learning/queue/entry.ts';
import { readQueue } from '../../../bench/learning/queue/read-queue.ts';
import type { LearningRow } from '../../../bench/learning/rows.ts';
import { someRow } from './some-rows.ts';

const conventional = { arm: 'conventional', model: 'cnn-tiny', plan: 'conventional' };
const joint = { arm: 'joint', model: 'cnn-tiny', plan: 'joint-self-distillation', settings: { alpha: 1 } };
const entry = {
  name: 'near convergence',
  terms: { dataset: 'glyphs', examples: 400, budget: 30, leaseExamples: 100 },
  seeds: [1, 2],
  arms: [conventional, { ...joint, rate: 0.3 }],
};
const crowd = { federated: true, volunteers: 4, own: true, match: 'rounds', devices: '0.5:1,0.5:whole' };
const FILE = 'results/queue.json';
const read = (...runs: object[]) => readQueue(FILE, JSON.stringify({ out: 'rows.jsonl', runs }));
const readOne = (changes: object = {}): BenchEntry => {
  const [first] = read({ ...entry, ...changes });
  if (!first) throw new Error('no entry');
  return first;
};

describe('the file of a queue', () => {
  it('says terms and arms as the flags and the file of arms do', () => {
    const { terms, arms, seeds, out } = readOne({
      terms: { ...entry.terms, ...crowd, leaseExamples: undefined },
    });
    expect(terms).toMatchObject({
      dataset: 'glyphs',
      examples: 400,
      budget: 30,
      leaseExamples: 100,
      split: 'test',
    });
    expect(terms.federated).toMatchObject({ volunteers: 4, ownPictures: true });
    expect(arms).toMatchObject([
      { arm: 'conventional', rates: [0.05] },
      { arm: 'joint', rates: [0.3], plan: { alpha: 1 } },
    ]);
    expect(seeds).toEqual([1, 2]);
    expect(out).toMatch(/\/results\/rows\.jsonl$/);
  });

  it('has its rows beside it, each entry in a file of its own if it says so', () => {
    const [first, second] = read(entry, { ...entry, out: 'others.jsonl' });
    expect(first?.out).toMatch(/\/results\/rows\.jsonl$/);
    expect(second?.out).toMatch(/\/results\/others\.jsonl$/);
  });

  it.each<[object, string]>([
    [{ name: '' }, 'runs.0.name'],
    [{ more: 1 }, 'runs.0: '],
    [{ seeds: [] }, 'runs.0.seeds'],
    [{ seeds: [1, 1] }, 'runs.0.seeds: a seed comes twice'],
    [{ arms: [] }, 'runs.0.arms'],
    [{ arms: [conventional, { ...joint, lr: 1 }] }, 'runs.0.arms.1: '],
    [{ arms: [conventional, { ...joint, plan: 'magic' }] }, "runs.0.arms.1: there is no plan 'magic'"],
    [
      { arms: [{ ...joint, settings: { gamma: 1 } }] },
      "runs.0.arms.0: joint-self-distillation has no setting 'gamma'",
    ],
    [
      { arms: [{ ...joint, settings: { alpha: -1 } }] },
      'runs.0.arms.0: alpha of joint-self-distillation takes',
    ],
    [{ arms: [{ ...joint, model: 'vgg19' }] }, "runs.0.arms.0: there is no 'vgg19'"],
    [{ arms: [{ ...joint, rate: 0 }] }, 'runs.0.arms.0.rate'],
    [{ arms: [joint, { ...joint, arm: 'again' }] }, 'runs.0.arms: arm 1 is the same as arm 0'],
    [{ arms: [{ ...joint, devices: 'all' }] }, 'runs.0.arms: an arm has "devices": "all"'],
    [{ terms: { ...entry.terms, dataset: 'imagenet' } }, 'runs.0.terms: dataset takes'],
    [{ terms: { ...entry.terms, colour: 'red' } }, 'runs.0.terms: '],
    [{ terms: { ...entry.terms, budget: 0 } }, 'runs.0.terms: budget takes'],
    [{ terms: { ...entry.terms, ...crowd } }, 'runs.0.terms: with --own a lease has'],
    [{ terms: { ...entry.terms, devices: '1:whole' } }, 'runs.0.terms: devices needs --federated'],
    [{ tune: { seeds: [11], rates: [0.1] } }, 'runs.0.tune.rates'],
    [{ tune: { seeds: [11], rates: [0.1, 0.1] } }, 'a rate comes twice'],
    [
      { tune: { seeds: [11], rates: [0.1, 0.2] }, terms: { ...entry.terms, split: 'dev' } },
      'runs.0.terms: rates are tuned',
    ],
    [{ pairs: [['joint', 'jiont']] }, "runs.0.pairs: there is no arm 'jiont'"],
    [{ pairs: [['joint']] }, 'runs.0.pairs.0'],
    [{ pairs: [['joint:exit-1', 'conventional']] }, 'runs.0.pairs.0.0: takes the name of an arm'],
    [{ pairs: [['joint:lsat', 'conventional']] }, 'runs.0.pairs.0.0: takes the name of an arm'],
    [{ pairs: [['joint', 'joint']] }, 'runs.0.pairs.0: an arm does not differ from itself'],
    [{ arms: [{ ...joint, cuts: ['pool1'], segments: 2 }] }, 'leave out segments or cuts'],
    [
      { arms: [joint, { ...joint, settings: { alpha: 2 } }] },
      "runs.0.arms: arm 1: there is another arm 'joint' of cnn-tiny",
    ],
    [
      { tune: { seeds: [11], rates: [0.1, 0.2] }, arms: [{ ...joint, rate: 0.3 }] },
      'runs.0.tune: every arm has a rate of its own',
    ],
  ])('is refused with the place and the reason: %j', (changes, reason) => {
    const wrong = { ...entry, ...changes };
    expect(() => read(wrong)).toThrow(`${FILE}: ${reason.startsWith('runs') ? reason : ''}`);
    expect(() => read(wrong)).toThrow(reason);
  });

  it.each([
    ['{', `${FILE}: `],
    ['[]', `${FILE}: the file`],
    ['{"runs":[]}', `${FILE}: runs`],
    [JSON.stringify({ runs: [entry] }), 'runs.0: there is no out'],
  ])('is refused as a whole: %s', (text, reason) => {
    expect(() => readQueue(FILE, text)).toThrow(reason);
  });
});

describe('the runs of an entry', () => {
  const tuned = readOne({
    tune: { seeds: [11, 12], rates: [0.02, 0.01] },
    arms: [conventional, { ...joint, rate: 0.3 }],
  });
  const rowsOf = (...rows: LearningRow[]) => new Map(rows.map(row => [keyOf(row), row]));
  const rowFor = (run: LearningRun, accuracy: number | null, changes: Partial<LearningRow> = {}) =>
    someRow({ ...fieldsOf(run), accuracy, failed: accuracy === null ? 'x' : null, ...changes });
  const tries = itemsOf(tuned).flatMap(item => (item.tries === null ? [] : (runOf(item, new Map()) ?? [])));
  const [own] = itemsOf(tuned).filter(({ tries: rate, arm }) => rate === null && arm.arm === 'conventional');
  if (!own) throw new Error('no item');

  it('are the tries of rates on the development split, then all arms, seed by seed', () => {
    const told = itemsOf(tuned).map(({ arm, seed, tries: rate }) => [arm.arm, seed, rate]);
    expect(told).toEqual([
      ['conventional', 11, 0.02],
      ['conventional', 11, 0.01],
      ['conventional', 12, 0.02],
      ['conventional', 12, 0.01],
      ['conventional', 1, null],
      ['joint', 1, null],
      ['conventional', 2, null],
      ['joint', 2, null],
    ]);
    expect(tries.map(({ split, rate }) => [split, rate])).toEqual([
      ['dev', 0.02],
      ['dev', 0.01],
      ['dev', 0.02],
      ['dev', 0.01],
    ]);
  });

  it('take the rate with the best mean on the development split, once all are tried', () => {
    const accuracies = [0.5, 0.7, 0.5, 0.4];
    const rows = tries.map((run, i) => rowFor(run, accuracies[i] ?? 0));
    expect(runOf(own, rowsOf(...rows.slice(1)))).toBeNull();
    expect(runOf(own, rowsOf(...rows))).toMatchObject({
      rate: 0.01,
      split: 'test',
      seed: 1,
      arm: 'conventional',
    });
  });

  it('take no rate that diverged at more seeds than another, and wait for a try that failed otherwise', () => {
    const diverged = { failed: 'diverged in round 2 of 9', diverged: true };
    const [a, b, c, d] = tries;
    if (!(a && b && c && d)) throw new Error('no tries');
    const rows = [rowFor(a, 0.2), rowFor(b, 0.9), rowFor(c, 0.2), rowFor(d, null, diverged)];
    expect(runOf(own, rowsOf(...rows))?.rate).toBe(0.02);
    const failed = [...rows.slice(0, 3), rowFor(d, null)];
    expect(runOf(own, rowsOf(...failed))).toBeNull();
    expect(isHopeless(own, rowsOf(...failed))).toBe(false);
    const none = rowsOf(...tries.map(run => rowFor(run, null, diverged)));
    expect(runOf(own, none)).toBeNull();
    expect(isHopeless(own, none)).toBe(true);
  });

  it('are done if their row is there, whatever the arm is called', () => {
    const [item] = itemsOf(readOne());
    const run = item && runOf(item, new Map());
    if (!run) throw new Error('no run');
    expect(isItemDone(item, new Map())).toBe(false);
    expect(isItemDone(item, rowsOf(rowFor(run, 0.5, { arm: 'otherwise' })))).toBe(true);
    expect(isItemDone(item, rowsOf(rowFor(run, null)))).toBe(false);
  });
});
