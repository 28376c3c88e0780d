import { describe, expect, it } from 'vitest';
import { READY_MADE_SPLIT } from '../../../client/host/host-ready-made.ts';
import { findData } from '../../../shared/datasets/import/find-data.ts';
import { splitFound } from '../../../shared/datasets/import/split-found.ts';
import { readyMadeSets } from '../../../shared/datasets/ready-made/ready-made-sets.ts';
import { builtInNames, MAX_SOURCE_LENGTH } from '../../../shared/protocol/dataset.ts';
import { decodeColour } from './make-pictures.ts';

describe('a ready-made data set', () => {
  it.each(readyMadeSets)('$name is what people are told of it', async set => {
    const found = await findData([await set.load()], { decode: decodeColour, name: set.name });
    if (!found.ok) throw new Error(found.detail);
    const { kind, shape, classNames, problemCount } = found.value;
    expect({ isTable: kind === 'table', shape, classes: classNames.length }).toEqual({
      isTable: set.isTable,
      shape: set.shape,
      classes: set.classes,
    });
    const { train, test } = splitFound(found.value, READY_MADE_SPLIT);
    expect([train.length, test.length, problemCount]).toEqual([set.trainExamples, set.testExamples, 0]);
    expect(set.source).toMatch(/CC/);
    expect(set.source.length).toBeLessThanOrEqual(MAX_SOURCE_LENGTH);
  });

  it('has a name that nobody else’s may have', () => {
    expect(builtInNames).toEqual(['glyphs', ...readyMadeSets.map(({ name }) => name)]);
  });
});
