import { describe, expect, test } from 'vitest';
import { createHostedDataset } from '../../../shared/datasets/cut-into-parts.ts';
import { drawGlyphsPart, drawPartLabels } from '../../../shared/datasets/glyphs.ts';
import { checkRoot, chooseRoot, trainingLabels } from '../../../shared/datasets/root-set.ts';
import type { Dataset, GlyphsDataset } from '../../../shared/protocol/dataset.ts';
import { rootParts, volunteersParts } from '../../../shared/protocol/root-set.ts';
import { numbered, refusalOf as refusalIn, unwrap } from './make-examples.ts';

const glyphs: GlyphsDataset = {
  ...{ kind: 'glyphs', name: 'glyphs', seed: 3, trainParts: 16, testParts: 2, examplesPerPart: 100 },
  partition: { kind: 'iid' },
};

const noBlobs = (): never => {
  throw new Error('glyphs have no blobs');
};

const choose = (dataset: Dataset) => chooseRoot(dataset, trainingLabels(dataset, noBlobs));
const refusalOf = async (dataset: Dataset, parts: number): Promise<string | undefined> => {
  const checked = await checkRoot({ dataset, root: { parts } }, trainingLabels(dataset, noBlobs));
  return checked.ok ? undefined : checked.detail;
};

/** As many one-example parts as labels. */
function partsOf(labels: readonly number[], classNames?: readonly string[]) {
  const dataset: Dataset = {
    ...{ kind: 'hosted', name: 'few', shape: { height: 1, width: 1, channels: 1 }, classes: 3 },
    ...(classNames && { classNames: [...classNames] }),
    partition: { kind: 'iid' },
    train: labels.map((_, i) => ({ sha256: `${i}`.padStart(64, '0'), bytes: 18, examples: 1 })),
    test: [{ sha256: 'f'.repeat(64), bytes: 18, examples: 1 }],
  };
  return { dataset, labelsOf: async (part: number) => Uint8Array.of(labels[part] ?? 0) };
}

test('[ROOT1] the last parts are held back, and a run that says nothing holds back none', () => {
  const spec = { dataset: glyphs, root: { parts: 2 } };
  expect([volunteersParts(spec), rootParts(spec)]).toEqual([14, [14, 15]]);
  expect([volunteersParts({ dataset: glyphs }), rootParts({ dataset: glyphs })]).toEqual([16, []]);
});

describe('the labels of a training part', () => {
  test.each([glyphs.partition, { kind: 'dirichlet', alpha: 0.3 } as const])(
    'are those of its pictures: %o',
    p => {
      const dataset = { ...glyphs, partition: p };
      expect(drawPartLabels(dataset, 'train', 5)).toEqual(drawGlyphsPart(dataset, 'train', 5).labels);
    },
  );

  test('are read of a hosted part, and a damaged part has none', async () => {
    const train = numbered([7, 7, 7, 7, 7]);
    const options = { name: 'made', partition: { kind: 'iid' } as const, seed: 1, maxExamples: 3 };
    const { dataset, blobs } = unwrap(createHostedDataset(train, numbered([0]), options));
    const damaged = dataset.train[1]?.sha256;
    const read = trainingLabels(dataset, async hash => {
      const { bytes } = blobs.find(({ sha256 }) => sha256 === hash) ?? noBlobs();
      return hash === damaged ? bytes.subarray(1) : bytes;
    });
    expect([[...(await read(0))], [...(await read(1))]]).toEqual([[7, 7], []]);
  });
});

describe('[ROOT2]', () => {
  test('a root set with every class is taken', async () => {
    expect(await refusalOf(glyphs, 1)).toBeUndefined();
  });

  test('one without a class is refused, and told how many parts have them all', async () => {
    const { dataset, labelsOf } = partsOf([0, 1, 2, 2, 1, 0, 0], ['apple', 'pear', 'plum']);
    const checked = await checkRoot({ dataset, root: { parts: 2 } }, labelsOf);
    expect(refusalIn(checked)).toBe(
      'bad-spec: the root set of 2 parts (2 examples) has no example of pear, plum: set root.parts to 4, whose 4 examples have every class, or leave root out',
    );
    expect((await checkRoot({ dataset, root: { parts: 4 } }, labelsOf)).ok).toBe(true);
  });

  test('it is told if no number of parts has every class', async () => {
    const { dataset, labelsOf } = partsOf([2, 1, 0, 0]);
    const checked = await checkRoot({ dataset, root: { parts: 1 } }, labelsOf);
    expect(refusalIn(checked)).toContain('class 1, class 2, and no number of parts');
  });

  test('one that leaves nothing to train on is refused, and told what does', async () => {
    expect(await refusalOf(glyphs, 16)).toContain(
      '16 of 16 training parts and leaves none to train on: set it to 15',
    );
    expect(await refusalOf(glyphs, 17)).toContain('set it to 15 or less');
    expect(await refusalOf({ ...glyphs, trainParts: 1 }, 1)).toContain(
      'import the data set with more of them',
    );
  });
});

describe('[ROOT3]', () => {
  test('as few parts are chosen as have every class and enough examples', async () => {
    expect(await choose({ ...glyphs, examplesPerPart: 1_000 })).toMatchObject({ parts: 1, examples: 1_000 });
    expect(await choose(glyphs)).toMatchObject({ parts: 2, examples: 200 });
  });

  test('none is chosen if a quarter of the parts is too little', async () => {
    expect(await choose({ ...glyphs, trainParts: 7 })).toBeNull();
    expect(await choose({ ...glyphs, trainParts: 8 })).not.toBeNull();
    expect(await choose({ ...glyphs, trainParts: 1, examplesPerPart: 1_000 })).toBeNull();
  });

  test('parts of few classes are taken until every class is there', async () => {
    const skewed = { ...glyphs, trainParts: 64, partition: { kind: 'dirichlet', alpha: 0.3 } as const };
    const chosen = await choose(skewed);
    expect(chosen?.parts).toBeGreaterThan(2);
    expect(await refusalOf(skewed, chosen?.parts ?? 0)).toBeUndefined();
    expect(await refusalOf(skewed, (chosen?.parts ?? 0) - 1)).toContain('has no example of class');
  });
});
