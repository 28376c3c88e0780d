import { gzipSync, strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import { type FindOptions, findData } from '../../../shared/datasets/import/find-data.ts';
import type { FoundData } from '../../../shared/datasets/import/found-data.ts';
import { cifarBatch, idxSet } from './dataset-files.ts';
import { decodeColour, filesOf, pngHeader, zipOf } from './make-pictures.ts';

type Files = Readonly<Record<string, Uint8Array | string>>;

const find = (files: Files, options: Partial<FindOptions> = {}) =>
  findData(filesOf(files), { decode: decodeColour, ...options });

async function found(files: Files, options: Partial<FindOptions> = {}): Promise<FoundData> {
  const data = await find(files, options);
  if (!data.ok) throw new Error(data.detail);
  return data.value;
}

async function refusal(files: Files, options: Partial<FindOptions> = {}): Promise<string> {
  const data = await find(files, options);
  return data.ok ? 'accepted' : (data.detail ?? data.reason);
}

const png = (colour = 0): Uint8Array => pngHeader(8, 8, colour);
const labels = ({ items, classNames }: FoundData) => items.map(({ label }) => classNames[label]);

describe('folders of pictures', () => {
  it('are classes, in the order of their names', async () => {
    const data = await found({ 'pets/dog/1.png': png(), 'pets/cat/1.jpg': png(), 'pets/cat/2.webp': png() });
    expect(data).toMatchObject({ kind: 'pictures', name: 'pets', classNames: ['cat', 'dog'] });
    expect(labels(data)).toEqual(['dog', 'cat', 'cat']);
    expect(data.shape).toEqual({ height: 8, width: 8, channels: 3 });
  });

  it('are in the order of numbers if all are numbers', async () => {
    const data = await found({ '10/a.png': png(), '9/a.png': png(), '1/a.png': png() });
    expect(data.classNames).toEqual(['1', '9', '10']);
  });

  it('may be divided into training and testing', async () => {
    const data = await found({
      'set/train/a/1.png': png(),
      'set/train/b/1.png': png(),
      'set/test_set/test_set/a/1.png': png(),
      'set/test_set/test_set/b/1.png': png(),
    });
    expect(data.classNames).toEqual(['a', 'b']);
    expect(data.items.map(({ split }) => split)).toEqual(['train', 'train', 'test', 'test']);
  });

  it('may be called train and test, if these are the classes', async () => {
    const data = await found({ 'train/1.png': png(), 'bus/1.png': png() });
    expect(data.classNames).toEqual(['bus', 'train']);
  });

  it('are read from a zip as if it were unpacked', async () => {
    const zip = zipOf({ 'pets/cat/1.png': png(1), 'pets/dog/1.png': png(2), '__MACOSX/pets/._1.png': 'x' });
    const data = await found({ 'My pets.zip': zip });
    expect(data).toMatchObject({ name: 'My pets', classNames: ['cat', 'dog'], problemCount: 0 });
    const reader = data.open({ shape: { height: 1, width: 2, channels: 1 }, fit: 'crop' });
    expect(await reader.read(1)).toEqual({ ok: true, value: Uint8Array.of(2, 2) });
  });

  it('are the zips themselves if these have no folders, as samples of Teachable Machine are', async () => {
    const data = await found({
      'Class 1-samples.zip': zipOf({ '0.jpg': png(), '1.jpg': png() }),
      'Class 2-samples.zip': zipOf({ '0.jpg': png() }),
    });
    expect(data.classNames).toEqual(['Class 1-samples', 'Class 2-samples']);
    expect(data).toMatchObject({ name: 'my data', items: { length: 3 } });
  });

  it('lists what cannot be read, and keeps all else', async () => {
    const data = await found({
      'p/a/1.png': png(),
      'p/b/1.png': png(),
      'p/b/huge.png': pngHeader(10_000, 10_000),
      'p/b/cut.png': png().subarray(0, 20),
      'p/b/text.png': 'no picture',
      'p/b/old.gif': 'GIF89a',
      'p/b/notes.txt': 'hello',
      'p/loose.png': png(),
      'p/.DS_Store': 'x',
    });
    expect(data.items).toHaveLength(2);
    expect(Object.fromEntries(data.problems.map(({ path, problem }) => [path, problem]))).toEqual({
      'p/b/huge.png': 'has 100 megapixels (10000 × 10000): at most 51 are decoded, so make it smaller first',
      'p/b/cut.png': 'is damaged: its PNG header is cut off or wrong',
      'p/b/text.png': 'is no PNG, JPEG or WebP picture',
      'p/b/old.gif': 'is a picture of another kind: save it as PNG, JPEG or WebP',
      'p/b/notes.txt': 'is no PNG, JPEG or WebP picture',
      'p/loose.png': 'lies in no folder, and the folder says the class',
    });
  });

  it('keeps both of two files of one name in a zip', async () => {
    const zip = zipOf({ 'a/1.png': png(), 'a/2.png': png(), 'b/1.png': png() });
    // The second name in the directory becomes the first one's.
    const at = zip.lastIndexOf('2'.charCodeAt(0), zip.length - 60);
    zip[at] = '1'.charCodeAt(0);
    const data = await found({ 'x.zip': zip });
    expect(data.items.map(({ path }) => path)).toEqual(['a/1.png', 'a/1 (2).png', 'b/1.png']);
  });

  it('has names that a description takes, and that stay apart', async () => {
    const long = 'x'.repeat(80);
    const data = await found({
      [`${long}a/1.png`]: png(),
      [`${long}b/1.png`]: png(),
      'c\u202e/1.png': png(),
    });
    expect(data.classNames).toEqual(['c\\u{202e}', 'x'.repeat(64), `${'x'.repeat(60)} (2)`]);
  });

  it.each([
    [
      'one class only',
      { 'a/1.png': png(), 'a/2.png': png() },
      'has one class only (a): there is nothing to tell apart',
    ],
    [
      'no readable picture',
      { 'a/1.png': 'x', 'b/1.png': 'x' },
      'has nothing that can be read; left out: a/1.png is no PNG',
    ],
    [
      'no folder',
      { '1.png': png(), '2.png': png() },
      'has 2 pictures that lie in no folder: put those of each class',
    ],
    ['no file', {}, 'what you brought holds no files'],
    ['no data', { 'readme.md': 'x' }, 'holds neither folders of pictures'],
    ['a zip that is none', { 'a.zip': 'x' }, 'left out: a.zip is no zip file, or is cut off'],
    ['a zip in a zip', { 'a.zip': zipOf({ 'b.zip': 'x' }) }, 'holds neither'],
  ])('is refused if there is %s', async (_, files, words) => {
    expect(await refusal(files)).toContain(words);
  });

  it('is refused if there are 10,000 folders', async () => {
    const files = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`set/${i}/1.png`, png()]));
    expect(await refusal(files)).toContain(
      'has 10000 classes, one for each folder: at most 256 are possible',
    );
  });

  it('ends if it is told to', async () => {
    const files = { 'a/1.png': png(), 'b/1.png': png() };
    await expect(find(files, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
  });
});

describe('a text of rows and columns', () => {
  const iris = 'length,width,species\n5.1,3.5,setosa\n6.2,2.9,virginica\n4.9,3.0,setosa\n';

  it('is a table of its columns of numbers', async () => {
    const data = await found({ 'iris.csv': iris });
    expect(data).toMatchObject({
      kind: 'table',
      name: 'iris',
      classNames: ['setosa', 'virginica'],
      shape: { height: 1, width: 2, channels: 1 },
      textTable: { labelColumn: 2, looksLikePixels: false },
      notes: ['the classes are taken from column species'],
    });
    const reader = data.open({ shape: data.shape, fit: 'crop' });
    expect(reader.columns).toEqual([
      { name: 'length', least: 4.9, most: 6.2 },
      { name: 'width', least: 2.9, most: 3.5 },
    ]);
    expect(await reader.read(0)).toEqual({ ok: true, value: Uint8Array.of(39, 255) });
  });

  it('is scaled by the rows that are trained on', async () => {
    const data = await found({ 'iris.csv': iris });
    const { columns } = data.open({ shape: data.shape, fit: 'crop' }, [0, 2]);
    expect(columns?.[0]).toEqual({ name: 'length', least: 4.9, most: 5.1 });
  });

  it.each([
    ['packed', gzipSync(strToU8(iris.replace('4.9', '5.2')))],
    [
      'with quotes and Windows ends',
      '"length","width","species"\r\n"5.1",3.5,"setosa"\r\n6,3,"virgin\r\nica"\r\n',
    ],
    [
      'pasted from a German spreadsheet',
      'length\twidth\tspecies\n5,1\t3,5\tsetosa\n1.006,2\t2,9\tvirginica\n',
    ],
    ['divided by semicolons', 'length;width;species\n5,1;3,5;setosa\n6,2;2,9;virginica\n'],
    ['without a header', '5.1,3.5,setosa\n6.2,2.9,virginica\n'],
    ['with the classes in front', 'class,length,width\n1,5.1,3.5\n2,6.2,2.9\n'],
  ])('is read %s', async (_, content) => {
    const data = await found({ [content instanceof Uint8Array ? 'a.csv.gz' : 'a.tsv']: content });
    expect(data).toMatchObject({ kind: 'table', shape: { width: 2 }, problemCount: 0 });
    expect(data.classNames).toHaveLength(2);
    expect(data.open({ shape: data.shape, fit: 'crop' }).columns?.[0]?.least).toBe(5.1);
  });

  it('takes the classes from the column that is chosen, by its name or its place', async () => {
    for (const labelColumn of ['kind', 1])
      expect((await found({ 'a.csv': 'x,kind,label\n1,a,2\n2,b,3\n' }, { labelColumn })).classNames).toEqual([
        'a',
        'b',
      ]);
    expect(await refusal({ 'a.csv': iris }, { labelColumn: 'colour' })).toBe(
      'a.csv has no column colour: it has length, width, species',
    );
  });

  it('lists rows that cannot be read', async () => {
    const rows = ['1,2,a', '1,2', '1,,b', '1,x1,b', '3,4,b', '5,6,'];
    const data = await found({ 'a.csv': ['p,q,label', '0,0,a', ...rows].join('\n') });
    expect(data.items).toHaveLength(3);
    expect(data.problems).toEqual([
      { path: 'a.csv, line 4', problem: 'has 2 columns, not 3' },
      { path: 'a.csv, line 5', problem: 'lacks a number in column q' },
      { path: 'a.csv, line 6', problem: 'has x1 in column q, which is no number' },
      { path: 'a.csv, line 8', problem: 'has no class' },
    ]);
  });

  it('is pictures if its columns are pixels, as of MNIST at Kaggle', async () => {
    const wide = Array.from({ length: 64 }, (_, i) => `pixel${i}`);
    const row = (label: number, pixel: number) => [label, ...wide.map(() => pixel)].join(',');
    const data = await found({
      'train.csv': [`label,${wide}`, row(3, 255), row(5, 0), row(5, 256)].join('\n'),
    });
    expect(data).toMatchObject({
      kind: 'pixels',
      shape: { height: 8, width: 8, channels: 1 },
      classNames: ['3', '5'],
    });
    expect(data.problems).toEqual([
      { path: 'train.csv, line 4', problem: 'has 256 in column pixel0: pixels are from 0 to 255' },
    ]);
  });

  it('is a table if that is chosen', async () => {
    const row = (label: number) => [label, ...Array.from({ length: 49 }, (_, i) => i * label)].join(',');
    const content = [row(1), row(2), row(3)].join('\n');
    expect((await found({ 'a.csv': content })).kind).toBe('pixels');
    expect((await found({ 'a.csv': content }, { asTable: true })).kind).toBe('table');
  });

  it('has its own test rows if two files are called so', async () => {
    const data = await found({ 'd/train.csv': iris, 'd/test.csv': iris });
    expect(data.items.map(({ split }) => split)).toEqual(['train', 'train', 'train', 'test', 'test', 'test']);
  });

  it('leaves a test file out that lacks the classes', async () => {
    const data = await found({ 'd/train.csv': iris, 'd/test.csv': 'length,width\n1,2\n' });
    expect(data.items).toHaveLength(3);
    expect(data.notes.join()).toContain('d/test.csv is not read: it has 2 columns, not 3');
  });

  it.each([
    ['nothing', '', 'a.csv has no rows'],
    ['a header alone', 'a,b,label', 'a.csv has no column of numbers'],
    ['one column', 'label\na\nb\n', 'a.csv has one column'],
    ['words alone', 'label,x\na,b\nc,d\n', 'a.csv has no column of numbers beside column label'],
    ['one class', 'label,x\na,1\na,2\n', 'column label has one class only (a)'],
    [
      '10,000 classes',
      `x,label\n${Array.from({ length: 10_000 }, (_, i) => `1.5,n${i}`).join('\n')}`,
      'column label has 10000 classes, one for each value',
    ],
    ['a quote that stays open', 'x,label\n1,"a\n2,b\n', 'column label has one class only (b)'],
    ['bytes', new Uint8Array([80, 75, 3, 4, 0, 0, 44, 10]), 'a.csv is no text: save it as CSV (UTF-8)'],
    ['columns without end', `${'1,'.repeat(200_001)}1\n${'2,'.repeat(200_001)}2`, 'a.csv has 200002 columns'],
  ])('is refused if it is %s', async (_, content, words) => {
    expect(await refusal({ 'a.csv': content })).toContain(words);
  });

  it.each([
    ['at its end', ''],
    ['before other cells in quotes', '8,"a"\n9,"b"\n'],
  ])('loses the line alone in which a quote is never closed, %s', async (_, end) => {
    const data = await found({ 'a.csv': `x,label\n1,a\n2,"b\n3,a\n4,b\n${end}` });
    expect(data.problems).toEqual([{ path: 'a.csv, line 3', problem: 'has a quote that is never closed' }]);
    expect(data.items.slice(0, 3).map(({ path }) => path)).toEqual(
      [2, 4, 5].map(line => `a.csv, line ${line}`),
    );
    expect(data.classNames).toEqual(['a', 'b']);
  });

  it('is read with cells of several lines', async () => {
    const data = await found({ 'a.csv': 'x,label\n1,"a\nb"\n2,"c"\n3,"a\nb" \n' });
    expect(data).toMatchObject({ problemCount: 0, classNames: ['a b', 'c'] });
    expect(data.items.map(({ path }) => path)).toEqual(['a.csv, line 2', 'a.csv, line 4', 'a.csv, line 5']);
  });

  it('is read as a German Excel writes it', async () => {
    const text = 'sep=;\r\nHöhe;Klasse\r\n1,5;Äpfel\r\n2,5;Öl\r\n';
    const western = Uint8Array.from(text, char => char.charCodeAt(0));
    const data = await found({ 'a.csv': western });
    expect(data).toMatchObject({ problemCount: 0, classNames: ['Äpfel', 'Öl'] });
    expect(data.textTable?.columns.map(({ name }) => name)).toEqual(['Höhe', 'Klasse']);
  });

  it('takes other classes if the column that is called so has too many values', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `${i / 7},${i % 2 ? 'cat' : 'dog'},${i}`);
    const data = await found({ 'a.csv': `x,animal,label\n${rows.join('\n')}\nbroken` });
    expect(data.classNames).toEqual(['cat', 'dog']);
    expect(data.notes).toContain('the classes are taken from column animal');
    expect(data.problems).toEqual([{ path: 'a.csv, line 302', problem: 'has 1 columns, not 3' }]);
  });

  it('keeps a quote within a cell, which only opens one at its start', async () => {
    const data = await found({ 'a.csv': 'size,label\n5,5" nail\n6,"a ""nail"""\n7,5" nail\n' });
    expect(data.classNames).toEqual(['5" nail', 'a "nail"']);
  });

  it('ends if it is lines without end, and quotes that stay open', async () => {
    const lines = `x,label\n1,"${'a\n'.repeat(3_000_000)}`;
    expect(await refusal({ 'a.csv': lines })).toContain('no column of numbers');
    expect(await refusal({ 'a.csv': new Uint8Array(9_000_000).fill(97) })).toContain('has one column');
  });

  it('is refused if there are several', async () => {
    expect(await refusal({ 'a.csv': iris, 'b.csv': iris })).toContain(
      'there are several tables, a.csv, b.csv: bring one',
    );
  });
});

describe('files of known sets', () => {
  it('are read as they are, with the names of their classes', async () => {
    const data = await found({ ...idxSet([0, 1, 1]) }, { name: 'mine' });
    expect(data).toMatchObject({
      kind: 'pixels',
      name: 'mine',
      classNames: ['0', '1'],
      shape: { height: 2, width: 3 },
    });
    expect(data.items[0]).toEqual({ label: 0, split: 'train', path: 'training picture 1' });
    expect(data.items.at(-1)).toMatchObject({ split: 'test' });
  });

  it('are read from a zip', async () => {
    const zip = zipOf({
      'c/data_batch_1.bin': cifarBatch([1, 9], 7),
      'c/test_batch.bin': cifarBatch([2], 3),
    });
    const data = await found({ 'cifar.zip': zip }, { name: 'few' });
    expect(data).toMatchObject({ kind: 'pixels', shape: { height: 32, width: 32, channels: 3 } });
    expect(data.items.map(({ label, split }) => [label, split])).toEqual([
      [1, 'train'],
      [9, 'train'],
      [2, 'test'],
    ]);
  });

  it('says which of their files are lacking', async () => {
    const { 'train-labels-idx1-ubyte': _, ...rest } = idxSet([0, 1]);
    expect(await refusal({ ...rest })).toContain('lacks train-labels-idx1-ubyte');
  });
});
