import { describe, expect, it } from 'vitest';
import { filesOf, filesOfDrop, MOST_FILES, TooManyFilesError } from '../../client/web/data/chosen-files.ts';
import { freeName, readNumber } from '../../client/web/data/draft-fields.ts';

type Tree = { readonly [name: string]: Tree | string };

/** What a browser makes of a dropped folder. It tells at most two entries at a time here, and a hundred in Chromium. */
function entryOf(name: string, tree: Tree | string, above = ''): object {
  const fullPath = `${above}/${name}`;
  if (typeof tree === 'string')
    return {
      fullPath,
      isFile: true,
      isDirectory: false,
      file: (ok: (file: File) => void) => ok(new File([tree], name)),
    };
  const inside = Object.entries(tree).map(([inner, below]) => entryOf(inner, below, fullPath));
  const createReader = () => {
    const left = [...inside];
    return { readEntries: (ok: (some: object[]) => void) => ok(left.splice(0, 2)) };
  };
  return { fullPath, isFile: false, isDirectory: true, createReader };
}

const dropOf = (entries: readonly object[], files: readonly File[] = []): DataTransfer =>
  Object.defineProperties(new DataTransfer(), {
    items: { value: entries.map(entry => ({ webkitGetAsEntry: () => entry })) },
    files: { value: files },
  });

describe('files that are dropped or chosen', () => {
  it('are those of a dropped folder with all that is in it, however many a folder tells at a time', async () => {
    const pets = {
      cats: { 'a.png': 'a', 'b.png': 'b', 'c.png': 'c', 'd.png': 'd', 'e.png': 'e' },
      'notes.txt': '',
    };
    const files = await filesOfDrop(dropOf([entryOf('pets', pets), entryOf('more.zip', 'zip')]));
    const cats = ['a', 'b', 'c', 'd', 'e'].map(name => `pets/cats/${name}.png`);
    expect(files.map(({ path }) => path)).toEqual([...cats, 'pets/notes.txt', 'more.zip']);
    expect(await files[1]?.file.text()).toBe('b');
  });

  it('are those that a browser tells without entries', async () => {
    const transfer = dropOf([], [new File(['x'], 'x.csv')]);
    expect((await filesOfDrop(transfer)).map(({ path }) => path)).toEqual(['x.csv']);
  });

  it('are no more than a page can go through', () => {
    expect(() => filesOf({ length: MOST_FILES + 1 })).toThrow(TooManyFilesError);
  });
});

describe('what is typed', () => {
  it.each([
    ['12', 12],
    [' 12,5 ', 12.5],
    ['', Number.NaN],
    ['much', Number.NaN],
  ])('%j is the number %d', (text, number) => {
    expect(readNumber(text)).toBe(number);
  });
});

describe('a name for the data', () => {
  it.each([
    ['pets', [], 'pets'],
    ['pets', ['pets'], 'pets 2'],
    ['pets', ['pets', 'pets 2'], 'pets 3'],
    ['glyphs', [], 'glyphs 2'],
  ])('%s beside %j is %s', (name, taken, free) => {
    expect(freeName(name, taken)).toBe(free);
  });
});
