import { describe, expect, it } from 'vitest';
import type { PartBlob } from '../../../shared/datasets/cut-into-parts.ts';
import { createHostedDataset } from '../../../shared/datasets/cut-into-parts.ts';
import type { Examples } from '../../../shared/datasets/examples.ts';
import { findData } from '../../../shared/datasets/import/find-data.ts';
import type { FoundData } from '../../../shared/datasets/import/found-data.ts';
import {
  type ImportChoices,
  type ImportedData,
  importData,
} from '../../../shared/datasets/import/import-data.ts';
import { readAhead } from '../../../shared/datasets/import/read-ahead.ts';
import { splitFound } from '../../../shared/datasets/import/split-found.ts';
import { decodePart } from '../../../shared/datasets/part.ts';
import { scaleRow } from '../../../shared/datasets/table/scale-row.ts';
import { splitExamples } from '../../../shared/protocol/dataset.ts';
import { accepted } from '../../../shared/protocol/refusals.ts';
import { examplesOf } from '../../support/read-dataset.ts';
import { idxSet } from './dataset-files.ts';
import { decodeColour, filesOf, pngHeader } from './make-pictures.ts';

async function found(files: Readonly<Record<string, Uint8Array | string>>): Promise<FoundData> {
  const data = await findData(filesOf(files), { decode: decodeColour });
  if (!data.ok) throw new Error(data.detail);
  return data.value;
}

/** Pictures of 2 × 2, each of its own grey. */
async function importAll(
  data: FoundData,
  choices: Partial<ImportChoices> = {},
): Promise<ImportedData & { parts: PartBlob[]; examples: Examples[] }> {
  const parts: PartBlob[] = [];
  const imported = await importData(data, {
    name: 'mine',
    wanted: { shape: { height: 2, width: 2, channels: 1 }, fit: 'crop' },
    partition: { kind: 'iid' },
    testShare: 0.25,
    seed: 1,
    onPart: async part => void parts.push(part),
    ...choices,
  });
  if (!imported.ok) throw new Error(imported.detail);
  const examples = parts.map(({ bytes }) => {
    const part = decodePart(bytes);
    if (!part.ok) throw new Error(part.detail);
    return part.value;
  });
  return { ...imported.value, parts, examples };
}

const coloursOf = (examples: readonly Examples[]): number[] =>
  examples.flatMap(({ pixels }) => [...pixels.filter((_, i) => i % 4 === 0)]).toSorted((a, b) => a - b);

/** Pictures of grey `from` and the next ones in a folder. */
const folder = (name: string, from: number, count: number): Record<string, Uint8Array> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`set/${name}/${i}.png`, pngHeader(9, 9, from + i)]),
  );

describe('the split into training and testing', () => {
  it('takes the same share of every class, and at least one of each if there are two', async () => {
    const data = await found({
      ...folder('a', 0, 40),
      ...folder('b', 50, 8),
      ...folder('c', 70, 2),
      ...folder('d', 80, 1),
    });
    const { train, test, isGiven } = splitFound(data, { testShare: 0.25, seed: 1 });
    const count = (indices: number[]) =>
      data.classNames.map((_, label) => indices.filter(i => data.items[i]?.label === label).length);
    expect([count(train), count(test), isGiven]).toEqual([[30, 6, 1, 1], [10, 2, 1, 0], false]);
    expect([...train, ...test].toSorted((a, b) => a - b)).toEqual([...data.items.keys()]);
  });

  it('is drawn by the seed', async () => {
    const data = await found({ ...folder('a', 0, 40), ...folder('b', 50, 40) });
    const draw = (seed: number) => splitFound(data, { testShare: 0.25, seed }).test;
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('is the source’s own if it has one', async () => {
    const data = await found({ ...idxSet([0, 1, 1]) });
    expect(splitFound(data, { testShare: 0.9, seed: 1 })).toMatchObject({ train: [0, 1, 2], isGiven: true });
  });
});

describe('an import', () => {
  it('has every picture once, with its class, in parts that the description names', async () => {
    const data = await found({ ...folder('a', 0, 40), ...folder('b', 50, 40) });
    const { dataset, parts, examples, problems, repeats } = await importAll(data);
    expect(coloursOf(examples)).toEqual([
      ...Array.from({ length: 40 }, (_, i) => i),
      ...Array.from({ length: 40 }, (_, i) => 50 + i),
    ]);
    for (const { labels, pixels } of examples)
      for (const [i, label] of labels.entries()) expect((pixels[4 * i] as number) >= 50).toBe(label === 1);
    expect([...dataset.train, ...dataset.test].map(({ sha256 }) => sha256)).toEqual(
      parts.map(({ sha256 }) => sha256),
    );
    expect(dataset).toMatchObject({ name: 'mine', classes: 2, classNames: ['a', 'b'] });
    expect([splitExamples(dataset, 'train'), splitExamples(dataset, 'test')]).toEqual([60, 20]);
    expect([problems, repeats]).toEqual([[], []]);
  });

  it('leaves pictures out that are damaged or the same as others, and lists them', async () => {
    const data = await found({
      ...folder('a', 0, 8),
      ...folder('b', 50, 8),
      'set/b/damaged.png': pngHeader(9, 9, 255),
      'set/b/twin.png': pngHeader(5, 5, 50),
    });
    const { examples, problems, repeats, problemCount, repeatCount } = await importAll(data);
    expect(coloursOf(examples)).toHaveLength(16);
    expect(problems).toEqual([{ path: 'set/b/damaged.png', problem: 'is damaged' }]);
    expect([problemCount, repeatCount]).toEqual([1, 1]);
    expect(repeats.map(({ path, of }) => [path, of].toSorted())).toEqual([['set/b/0.png', 'set/b/twin.png']]);
  });

  it('is the same again with the same seed', async () => {
    const data = await found({ ...folder('a', 0, 20), ...folder('b', 50, 20) });
    const [one, again, other] = [
      await importAll(data),
      await importAll(data),
      await importAll(data, { seed: 2 }),
    ];
    expect(again.dataset).toEqual(one.dataset);
    expect(other.dataset.train).not.toEqual(one.dataset.train);
  });

  it('cuts files of a known set as it always did', async () => {
    const data = await found({ ...idxSet(Array.from({ length: 500 }, (_, i) => i % 3)) });
    const { dataset } = await importAll(data, { seed: 7 });
    const [train, test] = [await examplesOf(data, 'train'), await examplesOf(data, 'test')];
    const cut = { name: 'mine', partition: { kind: 'iid' }, seed: 7, maxExamples: 32 } as const;
    const before = createHostedDataset(train, test, cut);
    expect(before).toMatchObject({ ok: true, value: { dataset: { train: dataset.train } } });
  });

  it('keeps how the numbers of a table became bytes, by its training rows', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i / 2},${-i},${i % 2 ? 'odd' : 'even'}`);
    const data = await found({ 'numbers.csv': ['half,minus,label', ...rows].join('\n') });
    const { dataset, examples } = await importAll(data, { source: 'made by hand' });
    expect(dataset).toMatchObject({ shape: { height: 1, width: 2, channels: 1 }, source: 'made by hand' });
    expect(dataset.columns?.map(({ name }) => name)).toEqual(['half', 'minus']);
    const known = new Set(rows.map(row => `${scaleRow(dataset.columns ?? [], row.split(',').map(Number))}`));
    for (const { pixels, labels } of examples)
      for (const i of labels.keys()) expect(known).toContain(`${pixels.subarray(2 * i, 2 * i + 2)}`);
  });

  it('tells how far it is, and ends if it is told to', async () => {
    const data = await found({ ...folder('a', 0, 20), ...folder('b', 50, 20) });
    const told: number[] = [];
    await importAll(data, { onProgress: (done, total) => void told.push(done / total) });
    expect([told.length, told.at(-1)]).toEqual([40, 1]);
    const stop = new AbortController();
    const ended = importAll(data, {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('stopped')),
    });
    await expect(ended).rejects.toThrow('stopped');
  });

  it.each([
    ['nothing is left to train on', { ...folder('a', 255, 1), ...folder('b', 255, 1) }, 'both are needed'],
    [
      'all are damaged',
      { 'a/1.png': pngHeader(9, 9, 255), 'a/2.png': pngHeader(9, 9, 255), 'b/1.png': pngHeader(9, 9, 255) },
      'no training example is left',
    ],
  ])('is refused if %s', async (_, files, words) => {
    await expect(found(files).then(data => importAll(data))).rejects.toThrow(words);
  });

  it('is refused if a picture does not fit a part', async () => {
    const data = await found({ ...folder('a', 0, 4), ...folder('b', 50, 4) });
    const wanted = { shape: { height: 1_000, width: 1_000, channels: 3 }, fit: 'crop' } as const;
    await expect(importAll(data, { wanted })).rejects.toThrow('does not fit a part of 1 MB: make it smaller');
  });
});

describe('reading ahead', () => {
  it('decodes at most eight pictures at once, and large ones one by one', async () => {
    let [now, most] = [0, 0];
    const read = async () => {
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      now -= 1;
      return accepted(new Uint8Array());
    };
    const counted = async (area: number): Promise<number> => {
      const items = Array.from({ length: 30 }, (_, i) => ({ label: 0, path: `${i}`, area }));
      [now, most] = [0, 0];
      const order: number[] = [];
      for await (const [index] of readAhead({ read }, items, [...items.keys()])) order.push(index);
      expect(order).toEqual([...items.keys()]);
      return most;
    };
    expect(await counted(100)).toBe(8);
    expect(await counted(48_000_000)).toBe(1);
  });
});
