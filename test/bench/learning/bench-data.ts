import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { concatExamples, type Examples, selectExamples } from '../../../shared/datasets/examples.ts';
import { drawGlyphs } from '../../../shared/datasets/glyphs.ts';
import { createRandom, shuffled } from '../../../shared/math/random.ts';
import type { Split } from '../../../shared/protocol/dataset.ts';
import { readDataset } from '../../support/read-dataset.ts';
import type { BenchSplit } from './learning-run.ts';

export const DATASETS = ['cifar-10', 'fashion-mnist', 'mnist', 'glyphs'] as const;
export type DatasetName = (typeof DATASETS)[number];

/** Training pictures that are kept apart for tuning: no run trains on them. */
const DEV_EXAMPLES = 2_000;
const GLYPHS_TEST = 2_000;
/** Seed of the glyphs: another than users are likely to take for a run of their own. */
const GLYPHS_SEED = 77;
const GLYPHS_PART = 1_000;

export interface BenchData {
  /** The set that is used; another than was asked for if that one is not there. */
  readonly name: DatasetName;
  readonly train: Examples;
  /** The pictures of the split that was asked for. */
  readonly held: Examples;
}

/** Beside the repository, which does not hold the sets. */
const folderOf = (name: DatasetName): string =>
  fileURLToPath(new URL(`../../../../shared/data/${name}`, import.meta.url));

export const isThere = (name: DatasetName): boolean => name === 'glyphs' || existsSync(folderOf(name));

/**
 * The same training and held-out pictures for every run, with any seed.
 * @throws if the set has fewer pictures, or is incomplete
 */
export async function loadData(name: DatasetName, examples: number, split: BenchSplit): Promise<BenchData> {
  const { train, test } = name === 'glyphs' ? drawAll(examples) : await readDataset(folderOf(name), name);
  const most = train.labels.length - DEV_EXAMPLES;
  if (examples > most)
    throw new Error(`--examples: ${name} has ${most} training pictures beside the development split`);
  const order = shuffled(createRandom('learning-split', name), [...train.labels.keys()]);
  const dev = order.slice(0, DEV_EXAMPLES);
  return {
    name,
    train: selectExamples(train, order.slice(DEV_EXAMPLES, DEV_EXAMPLES + examples)),
    held: split === 'test' ? test : selectExamples(train, dev),
  };
}

const drawAll = (examples: number) => ({
  train: draw('train', examples + DEV_EXAMPLES),
  test: draw('test', GLYPHS_TEST),
});

function draw(split: Split, count: number): Examples {
  const parts = Array.from({ length: Math.ceil(count / GLYPHS_PART) }, (_, part) =>
    drawGlyphs({ seed: GLYPHS_SEED, split, part, count: Math.min(GLYPHS_PART, count - part * GLYPHS_PART) }),
  );
  return concatExamples(parts);
}
