import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../../shared/math/utf8.ts';
import {
  below,
  cifarSet,
  type Files,
  idxImages,
  idxLabels,
  idxSet,
  read,
  readFiles,
  refusal,
  wholeCifarSet,
  without,
} from './dataset-files.ts';
import { refusalOf, unwrap } from './make-examples.ts';

describe('CIFAR-100', () => {
  const record = (coarse: number, fine: number): number[] => [coarse, fine, ...new Array(3072).fill(fine)];

  it('has a hundred classes and their names', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `class ${i}`);
    const data = await read(
      {
        'train.bin': Uint8Array.from([...record(3, 99), ...record(1, 5)]),
        'test.bin': Uint8Array.from(record(1, 5)),
        'fine_label_names.txt': encodeUtf8(names.join('\r\n')),
      },
      'cifar-100',
    );
    expect({ classes: data.train.classes, labels: [...data.train.labels] }).toEqual({
      classes: 100,
      labels: [99, 5],
    });
    expect(data.classNames).toEqual(names);
  });
});

describe('labels', () => {
  const letters = { train: 'emnist-letters-train-#-@-ubyte', test: 'emnist-letters-test-#-@-ubyte' };
  const size = [28, 28] as const;

  it('of EMNIST’s letters begin at 1, and its pictures are turned upright', async () => {
    const files = idxSet([26, 1, 2], letters, size);
    const mapping = Array.from({ length: 26 }, (_, i) => `${i + 1} ${65 + i} ${97 + i}`).join('\r\n');
    const data = await read(
      { ...files, 'emnist-letters-mapping.txt': encodeUtf8(mapping) },
      'emnist-letters',
    );
    expect({ classes: data.train.classes, labels: [...data.train.labels] }).toEqual({
      classes: 26,
      labels: [25, 0, 1],
    });
    expect([...data.train.pixels.subarray(0, 3)]).toEqual([0, 28, 56]);
    expect(data.classNames?.slice(0, 2)).toEqual(['Aa', 'Bb']);
    expect(data.notes).toEqual([
      'EMNIST keeps its pictures with rows and columns exchanged: they are turned upright',
      'labels begin at 1: label 1 is class 0',
      '23 of the 26 classes have no training picture and are not learnt: 2–24',
    ]);
  });

  it.each([
    ['emnist-balanced', 47],
    ['emnist-byclass', 62],
    ['emnist-bymerge', 47],
    ['emnist-digits', 10],
    ['emnist-letters', 26],
  ])('of a few pictures of %s have all its %i classes', async (set, classes) => {
    const names = { train: `${set}-train-#-@-ubyte`, test: `${set}-test-#-@-ubyte` };
    expect((await read(idxSet([3, 2], names, size), set)).train.classes).toBe(classes);
  });

  it('of other data say how many classes there are, and may begin at 1 too', async () => {
    const classesOf = async (labels: readonly number[]) => {
      const { train } = await read(idxSet(labels));
      return [train.classes, ...train.labels];
    };
    expect(await classesOf([0, 46])).toEqual([47, 0, 46]);
    expect(await classesOf([1, 2, 3])).toEqual([3, 0, 1, 2]);
    expect(await classesOf([2, 3])).toEqual([4, 2, 3]);
    expect(await classesOf([0, 255])).toEqual([256, 0, 255]);
    expect(await refusal(idxSet([0, 0]))).toContain(
      'every picture has label 0: there is nothing to tell apart',
    );
  });

  it('begin at the lowest of both splits', async () => {
    const files = { ...idxSet([1, 2]), 't10k-labels-idx1-ubyte': idxLabels([0]) };
    expect([...(await read(files)).train.labels]).toEqual([1, 2]);
  });
});

describe('the name that is asked for', () => {
  const mnist = [5, 0, 4, 1, 9, 2, 1, 3, 1, 4];
  const fashion = [9, 0, 0, 3, 0, 2, 7, 2, 5, 5];
  const grey = (labels: readonly number[]): Files => idxSet(labels, undefined, [28, 28]);

  it.each([
    [
      'fashion-mnist',
      grey(fashion),
      'cifar-10',
      'FOLDER holds fashion-mnist (pictures of 28 × 28 × 1 in 10 classes), not cifar-10',
    ],
    [
      'fashion-mnist',
      grey(fashion),
      'mnist',
      'FOLDER holds fashion-mnist, not mnist: ask for it by its own name',
    ],
    ['mnist', grey(mnist), 'fashion-mnist', 'FOLDER holds mnist, not fashion-mnist'],
    [
      'cifar-10',
      cifarSet([1]),
      'mnist',
      'FOLDER holds cifar-10 (pictures of 32 × 32 × 3 in 10 classes), not mnist',
    ],
    [
      'small pictures',
      idxSet([0, 1]),
      'mnist',
      'FOLDER holds pictures of 2 × 3 × 1 in 2 classes, which is not mnist',
    ],
    [
      'more classes',
      grey([0, 46]),
      'mnist',
      'FOLDER holds pictures of 28 × 28 × 1 in 47 classes, which is not mnist',
    ],
  ])('is not given to %s', async (_, files, name, detail) => {
    expect(await refusal(files, name)).toContain(detail);
  });

  it('is not that of a set that names of files say, but labels say more than a name that nobody knows', async () => {
    const named = (set: string, labels: readonly number[]): Files =>
      idxSet(labels, { train: `${set}-train-#-@-ubyte`, test: `${set}-test-#-@-ubyte` }, [28, 28]);
    expect(await refusal(named('emnist-digits', fashion), 'mnist')).toContain(
      'FOLDER holds emnist-digits, not mnist',
    );
    expect(await refusal(named('kmnist', [8, 7]), 'mnist')).toContain('FOLDER holds kmnist');
    expect((await read(named('fashion', fashion), 'fashion-mnist')).train.classes).toBe(10);
  });

  it('is given to the set itself, and a free name to any', async () => {
    expect((await read(grey(mnist), 'mnist')).train.classes).toBe(10);
    expect((await read(grey(fashion), 'fashion-mnist')).name).toBe('fashion-mnist');
    expect((await read(grey([1, 2]), 'mnist')).train.labels).toEqual(Uint8Array.of(1, 2));
    for (const files of [grey(mnist), cifarSet([1]), idxSet([0, 1])])
      expect((await read(files, 'my pictures')).name).toBe('my pictures');
  });

  it('chooses among several sets, by their files or their folders', async () => {
    const both = { ...grey(mnist), ...cifarSet([1]) };
    expect((await read(both, 'cifar-10')).train.shape.channels).toBe(3);
    expect((await read(both, 'mnist')).train.shape.channels).toBe(1);
    expect(await refusal(both)).toContain(
      'FOLDER holds several data sets: ask for one of IDX files without a name, cifar-10',
    );
    const folders = { ...below('mnist', grey(mnist)), ...below('fashion-mnist', grey(fashion)) };
    expect((await read(folders, 'fashion-mnist')).train.labels[0]).toBe(9);
    expect(await refusal(folders)).toContain(
      'FOLDER has data sets in several folders: give one of FOLDER/mnist, FOLDER/fashion-mnist',
    );
  });
});

describe('folders', () => {
  it('one below is read if the files are there, and that is said', async () => {
    const { notes } = await read(below('cifar-10-batches-bin', wholeCifarSet));
    expect(notes).toEqual(['the files are read from the folder cifar-10-batches-bin below']);
  });

  it('are not read if they are hidden', async () => {
    const files = { ...below('.Trash', cifarSet([1])), ...below('now', cifarSet([2])) };
    expect([...(await read(files)).train.labels]).toEqual([2, 9]);
    expect(await refusal(below('.Trash', cifarSet([1])))).toContain('FOLDER holds neither');
  });

  it('of a file’s name stand for the file in them', async () => {
    const name = 'train-labels-idx1-ubyte';
    const files = without(idxSet([0, 1]), name);
    const inFolder = { ...files, [`${name}/${name}`]: idxLabels([0, 1]) };
    const folder = { [name]: 'it is a folder' };
    expect([...unwrap(await readFiles(inFolder, 'mine', folder)).train.labels]).toEqual([0, 1]);
    expect(refusalOf(await readFiles(files, 'mine', folder))).toContain(
      `${name} cannot be read: it is a folder`,
    );
    const beside = { ...files, [`${name}.gz`]: gzipSync(idxLabels([0, 1])) };
    expect([...unwrap(await readFiles(beside, 'mine', folder)).train.labels]).toEqual([0, 1]);
  });
});

describe('what is no data', () => {
  const text = (words: string): Uint8Array => Uint8Array.from(words, char => char.charCodeAt(0));
  it.each([
    ['a web page', text('\n<!DOCTYPE html><title>404'), 'is a web page: download the file again'],
    ['a pointer', text('version https://git-lfs.github.com/spec/v1'), 'is a pointer of Git LFS'],
    ['a zip archive', text('PK\x03\x04'), 'is packed with zip: unpack it first'],
    ['nothing', new Uint8Array(), 'is empty'],
    ['nothing, packed', gzipSync(new Uint8Array()), 'is empty, once unpacked'],
    ['text', text('hello, this is text'), 'is no IDX file: it begins with bytes 104 101 108 108'],
    ['half a gzip file', gzipSync(idxImages(9)).subarray(0, 30), 'corrupt or cut off'],
  ])('is refused by its name: %s', async (_, bytes, words) => {
    const refused = await refusal({ ...idxSet([0, 1]), 'train-images-idx3-ubyte': bytes });
    expect(refused).toContain('train-images-idx3-ubyte');
    expect(refused).toContain(words);
  });

  it.each([
    ['data_batch_1', 'is of the Python version of CIFAR'],
    ['data_batch_1.mat', 'is of the Matlab version'],
    ['cifar-10-binary.tar.gz', 'is an archive: unpack it first'],
    ['archive.7z', 'is an archive: unpack it first'],
    ['data_batch_1.bin.crdownload', 'is a download that has not ended'],
    ['cat/001.gif', 'is a picture of another kind: save it as PNG, JPEG or WebP'],
    ['mnist.npz', 'is of a format that is not read'],
    ['data_batch_1 (1).bin', 'has another name, so it is not taken'],
    ['notes.txt', 'FOLDER holds neither folders of pictures'],
  ])('is explained by its name: %s', async (name, words) => {
    const refused = await refusal({ [name]: Uint8Array.of(1) });
    expect(refused).toContain('FOLDER holds neither folders of pictures (PNG, JPEG, WebP), nor a table');
    expect(refused).toContain(words);
  });

  it('is refused if splits do not fit each other', async () => {
    const other = { ...idxSet([0, 1]), 't10k-images-idx3-ubyte': idxImages(1, 3, 3) };
    expect(await refusal(other)).toContain('training pictures are 2 × 3 × 1, test pictures 3 × 3 × 1');
    const fewer = { ...idxSet([0, 1]), 'train-labels-idx1-ubyte': idxLabels([0]) };
    expect(await refusal(fewer)).toContain(
      'train-images-idx3-ubyte has 2 pictures, train-labels-idx1-ubyte has 1 labels',
    );
  });
});
