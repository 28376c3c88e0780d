import { describe, expect, it } from 'vitest';
import type { ListedFile } from '../../../shared/datasets/files/dataset-format.ts';
import { findSet } from '../../../shared/datasets/files/find-set.ts';
import { refusalOf, unwrap } from './make-examples.ts';

const idx = ['train-images', 'train-labels', 't10k-images', 't10k-labels'].map(name =>
  name.endsWith('images') ? `${name}-idx3-ubyte` : `${name}-idx1-ubyte`,
);

/** Files that count how often their path is looked at. */
function watched(paths: readonly string[]) {
  let looks = 0;
  const files = paths.map(
    (path): ListedFile => ({
      get path() {
        looks += 1;
        return path;
      },
    }),
  );
  return { files, looks: () => looks };
}

/** So many folders of pictures, a folder for each class, as ImageNet's archives unpack. */
const pictures = (folders: number): string[] =>
  Array.from({ length: 30 * folders }, (_, i) => `n${i % folders}/n${i % folders}_${i}.JPEG`);

describe('a folder of many folders', () => {
  it.each([
    ['pictures only', [], 'not-found: data holds neither'],
    ['half a set beside them', idx.slice(1), 'not-found: data lacks train-images-idx3-ubyte'],
  ])('with %s is gone through a few times, however many folders they are', (_, names, refusal) => {
    const looksOf = (folders: number): number => {
      const { files, looks } = watched([...names, ...pictures(folders)]);
      expect(refusalOf(findSet(files, '', 'data'))).toContain(refusal);
      return looks() / files.length;
    };
    expect(looksOf(400)).toBeLessThan(looksOf(4) + 4);
  });

  it('has the set of the one folder that holds all of it', () => {
    const { files, looks } = watched([...pictures(400), ...idx.map(name => `digits/${name}`)]);
    const { folder, slots } = unwrap(findSet(files, '', 'data'));
    expect([folder, slots.size]).toEqual(['digits', 4]);
    expect(looks() / files.length).toBeLessThan(20);
  });

  it('is told of every folder with a set in it, and takes files that were unpacked into folders of their names', () => {
    const twice = ['a', 'b'].flatMap(folder => idx.map(name => ({ path: `${folder}/${name}` })));
    expect(refusalOf(findSet(twice, '', 'data'))).toContain('in several folders: give one of data/a, data/b');
    const unpacked = idx.map(name => ({ path: `${name}/${name}` }));
    expect(unwrap(findSet(unpacked, '', 'data'))).toMatchObject({ folder: '' });
    const deeper = [...idx.slice(1).map(name => `a/${name}`), `a/${idx[0]}/${idx[0]}`];
    expect(
      unwrap(
        findSet(
          deeper.map(path => ({ path })),
          '',
          'data',
        ),
      ),
    ).toMatchObject({ folder: 'a' });
  });
});
