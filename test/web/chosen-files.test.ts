import { describe, expect, it } from 'vitest';
import { filesOf, filesOfDrop, MOST_FILES } from '../../client/web/data/chosen-files.ts';
import { freeName } from '../../client/web/data/draft-fields.ts';
import {
  droppedFiles,
  MOST_FILES as MOST_OF_A_NETWORK,
} from '../../client/web/new-run/own-model/chosen-file.ts';
import { TooManyFilesError } from '../../client/web/ui/walk-drop.ts';

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
    let told = 0;
    const next = (): object[] => inside.slice(told, told + 2);
    return {
      readEntries: (ok: (some: object[]) => void) => {
        const some = next();
        told += some.length;
        ok(some);
      },
    };
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

  it('are no more in a dropped folder, empty folders counted', async () => {
    const folders = Object.fromEntries(Array.from({ length: MOST_FILES }, (_, i) => [`${i}`, {}]));
    await expect(filesOfDrop(dropOf([entryOf('disk', folders)]))).rejects.toThrow(TooManyFilesError);
  });

  it('of a network are those of the same walk, and what lies behind the bound is left out', async () => {
    const pictures = Object.fromEntries(
      Array.from({ length: MOST_OF_A_NETWORK + 5 }, (_, i) => [`${i}.png`, 'x']),
    );
    const found = await droppedFiles(
      dropOf([entryOf('net', { 'model.json': '{}', weights: { 'a.bin': 'a' } }), entryOf('pets', pictures)]),
    );
    expect(found.slice(0, 2).map(({ path, bytes }) => [path, bytes])).toEqual([
      ['net/model.json', 2],
      ['net/weights/a.bin', 1],
    ]);
    // The three folders are among what is gone through.
    expect(found).toHaveLength(MOST_OF_A_NETWORK - 3);
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
