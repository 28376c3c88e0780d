import { describe, expect, it } from 'vitest';
import type { FoundData } from '../../../shared/datasets/import/found-data.ts';
import { find, found, refusal } from './found-files.ts';
import { pngHeader, zipOf } from './make-pictures.ts';

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
    expect(data.classNames).toEqual(['Class 1', 'Class 2']);
    expect(data).toMatchObject({ name: 'my data', items: { length: 3 } });
  });

  it('are told by the names of the pictures in a project of Teachable Machine', async () => {
    const data = await found({
      'my project.tm': zipOf({
        ...{ 'manifest.json': '{"type":"image"}', 'left-!-hand-!-0.jpg': png() },
        ...{ 'left-!-hand-!-1.jpg': png(), 'Klasse 2-!-0.jpg': png() },
      }),
    });
    expect(data).toMatchObject({ name: 'my project', classNames: ['Klasse 2', 'left-!-hand'] });
    expect(data).toMatchObject({ items: { length: 3 }, problemCount: 0 });
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
