import { gzipSync, strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import { cifarBatch, idxSet } from './dataset-files.ts';
import { found, refusal } from './found-files.ts';
import { zipOf } from './make-pictures.ts';

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
    // People count columns from 1, and programs from 0.
    expect(await refusal({ 'a.csv': iris }, { labelColumn: 8 })).toBe(
      'a.csv has no column 9: it has length, width, species',
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

  it('lists the tables beside them that are for neither', async () => {
    const data = await found({ 'd/train.csv': iris, 'd/test.csv': iris, 'd/sample_submission.csv': iris });
    expect(data.items).toHaveLength(6);
    expect(data.problems).toEqual([
      {
        path: 'd/sample_submission.csv',
        problem: 'is a table that is neither for training nor for testing, by its name',
      },
    ]);
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
