import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../../shared/math/bytes.ts';
import { encodeUtf8 } from '../../../shared/math/utf8.ts';
import {
  below,
  cifarBatch,
  cifarSet,
  type Files,
  idxImages,
  idxLabels,
  idxSet,
  read,
  refusal,
  wholeCifarSet,
} from './dataset-files.ts';

const batchOf = (...batches: readonly number[]): Uint8Array =>
  concatBytes(batches.map(batch => wholeCifarSet[`data_batch_${batch}.bin`] as Uint8Array));

describe('a known name in another spelling', () => {
  const fashion = idxSet([9, 0, 0, 3, 0, 2, 7, 2, 5, 5], undefined, [28, 28]);

  it.each(['CIFAR-10', 'cifar10', 'Cifar_10', 'cifar 10', 'CIFAR.10', ' cifar–10', 'ＣＩＦＡＲ１０'])(
    'is held to what it says: %s',
    async name => {
      expect(await refusal(fashion, name)).toContain('holds fashion-mnist (pictures of 28 × 28 × 1');
      expect((await read(wholeCifarSet, name)).name).toBe(name);
    },
  );

  it.each(['MNIST', 'Mnist', 'm.n.i.s.t'])('is held to what it says: %s', async name => {
    expect(await refusal(fashion, name)).toContain('holds fashion-mnist, not mnist');
  });

  it.each(['fashion_mnist', 'Fashion MNIST', 'FashionMNIST'])(
    'is given to the set itself: %s',
    async name => {
      expect((await read(fashion, name)).train.classes).toBe(10);
      expect(await refusal(wholeCifarSet, name)).toContain('holds cifar-10');
    },
  );

  it('says how many classes there are and what labels begin at', async () => {
    const letters = { train: 'train-#-@-ubyte', test: 'test-#-@-ubyte' };
    const { train } = await read(idxSet([3, 4], letters, [28, 28]), 'EMNIST_Letters');
    expect([train.classes, ...train.labels]).toEqual([26, 2, 3]);
    const named = { train: 'EMNIST_letters-train-#-@-ubyte', test: 'EMNIST_letters-test-#-@-ubyte' };
    expect((await read(idxSet([3, 4], named, [28, 28]), 'emnist-letters')).train.classes).toBe(26);
  });

  it('chooses a folder, but one that is spelt the same is nearer', async () => {
    const folders = {
      ...below('Fashion_MNIST', fashion),
      ...below('mine', idxSet([0, 1], undefined, [28, 28])),
    };
    expect((await read(folders, 'fashion-mnist')).train.labels[0]).toBe(9);
    const alike = { ...below('set-1', idxSet([0, 1])), ...below('set1', idxSet([1, 0])) };
    expect([...(await read(alike, 'set1')).train.labels]).toEqual([1, 0]);
    expect(await refusal(alike, 'set_1')).toContain('give one of FOLDER/set-1, FOLDER/set1');
  });

  it('of signs alone is nobody’s', async () => {
    const both = { ...idxSet([0, 1]), ...wholeCifarSet };
    expect(await refusal(both, '--')).toContain('holds several data sets');
  });
});

describe('data sets in several folders', () => {
  it('are told apart by their folders, whatever their files are called', async () => {
    const files = { ...below('a', cifarSet([1])), ...below('b', cifarSet([2])) };
    const given = 'malformed: FOLDER has data sets in several folders: give one of FOLDER/a, FOLDER/b';
    expect(await refusal(files)).toBe(given);
    expect(await refusal(files, 'cifar-10')).toBe(given);
    expect([...(await read(files, 'a')).train.labels]).toEqual([1, 9]);
    expect([...(await read(files, 'b')).train.labels]).toEqual([2, 9]);
  });

  it('are several in one of the folders, which is then named', async () => {
    const files = { ...below('a', { ...cifarSet([1]), ...idxSet([0, 1]) }), ...below('b', cifarSet([2])) };
    expect(await refusal(files, 'a')).toContain('FOLDER/a holds several data sets: ask for one of');
  });
});

describe('pictures of a batch that are in others', () => {
  const labelsOf = async (files: Files): Promise<number[]> => [
    ...(await read({ ...wholeCifarSet, ...files })).train.labels,
  ];
  const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

  it.each([
    ['all batches in one more', { 'data_batch_6.bin': batchOf(1, 2, 3, 4, 5) }],
    ['all batches in the first', { 'data_batch_1.bin': batchOf(5, 4, 3, 2, 1) }],
    ['half of another', { 'data_batch_6.bin': batchOf(1).slice(0, 3073) }],
    [
      'half of another before it',
      { 'data_batch_1.bin': batchOf(2).slice(0, 3073), 'data_batch_6.bin': batchOf(1) },
    ],
    ['another, and its own', { 'data_batch_5.bin': batchOf(1, 5) }],
  ])('are counted once: %s', async (_, files) => {
    expect((await labelsOf(files)).toSorted()).toEqual(all);
    const { notes } = await read({ ...wholeCifarSet, ...files });
    expect(notes[0]).toMatch(
      /^\d+ of the \d+ pictures in data_batch_\d\.bin are in data_batch_.* too: they are counted once$/,
    );
  });

  it('are named with all the batches that they are in', async () => {
    const { notes } = await read({ ...wholeCifarSet, 'data_batch_6.bin': batchOf(1, 3) });
    expect(notes).toEqual([
      '4 of the 4 pictures in data_batch_6.bin are in data_batch_1.bin, data_batch_3.bin too: they are counted once',
    ]);
  });

  it('are others under another label', async () => {
    const { train, notes } = await read({ ...wholeCifarSet, 'data_batch_6.bin': cifarBatch([9], 1) });
    expect({ labels: [...train.labels], notes }).toEqual({ labels: [...all, 9], notes: [] });
  });

  it('are left as they are within a batch and in other formats, and told', async () => {
    const twice = await read({ ...wholeCifarSet, 'data_batch_5.bin': batchOf(5, 5) });
    expect(twice.train.labels).toHaveLength(12);
    expect(twice.notes).toEqual([
      '2 of the 12 training pictures repeat others: each counts as often as it is there',
    ]);
  });
});

describe('test pictures that are training pictures', () => {
  it.each([
    ['two batches', batchOf(1, 2), '4 of the 4'],
    ['one of them', concatBytes([batchOf(3), cifarBatch([4, 5], 99)]), '2 of the 4'],
  ])('are told: %s', async (_, test, share) => {
    const { notes } = await read({ ...wholeCifarSet, 'test_batch.bin': test });
    expect(notes).toEqual([
      `${share} test pictures are training pictures too: the accuracy will be too good`,
    ]);
  });

  it('are told of IDX files', async () => {
    const files = {
      ...idxSet([0, 1, 2]),
      't10k-images-idx3-ubyte': idxImages(1),
      't10k-labels-idx1-ubyte': idxLabels([0]),
    };
    expect((await read(files)).notes).toEqual([
      '1 of the 1 test pictures are training pictures too: the accuracy will be too good',
    ]);
  });
});

describe('classes without pictures', () => {
  it.each([
    ['a gap', [0, 200], '199 of the 201 classes have no training picture and are not learnt: 1–199'],
    ['a late begin', [5, 6, 7], '5 of the 8 classes have no training picture and are not learnt: 0–4'],
    ['several gaps', [0, 2, 5, 6], '3 of the 7 classes have no training picture and are not learnt: 1, 3–4'],
    [
      'many gaps',
      [0, 2, 4, 6, 8, 10, 12, 14, 16, 18],
      '9 of the 19 classes have no training picture and are not learnt: 1, 3, 5, 7, 9, 11, 13, 15 and more',
    ],
  ])('are told: %s', async (_, labels, words) => {
    expect((await read(idxSet(labels))).notes).toEqual([words]);
  });

  it('are told with the test pictures that are of them', async () => {
    const files = { ...idxSet([0, 1]), 't10k-labels-idx1-ubyte': idxLabels([2]) };
    expect((await read(files)).notes).toEqual([
      '1 of the 3 classes have no training picture and are not learnt: 2; 1 of the 1 test pictures are of such a class',
    ]);
  });
});

describe('a batch whose pixels begin as another format does', () => {
  const beginning = (...pixels: readonly number[]): Uint8Array => {
    const bytes = cifarBatch([9, 0], 50);
    bytes.set(pixels, 1);
    return bytes;
  };
  const text = (words: string): number[] => [...encodeUtf8(words)];

  it.each([
    ['zip', [80, 75, 3, 4]],
    ['a pickle', [128, 4]],
    ['bzip2', text('BZh')],
    ['gzip', [0x1f, 0x8b]],
    ['a web page', text('<!DOCTYPE html>')],
    ['Git LFS', text('version https://git-lfs')],
  ])('is data, if it is long enough: %s', async (_, pixels) => {
    const { train } = await read({ ...wholeCifarSet, 'data_batch_1.bin': beginning(...pixels) });
    expect([...train.labels.subarray(0, 2)]).toEqual([9, 0]);
    expect(train.pixels[0]).toBe(pixels[0]);
  });

  it.each([
    ['packed with zip', Uint8Array.of(80, 75, 3, 4)],
    ['a Python pickle', Uint8Array.of(128, 4, 1)],
    ['a web page', encodeUtf8('\t<HTML>'.padEnd(3000))],
  ])('is none, if it cannot be read: %s', async (words, bytes) => {
    expect(await refusal({ ...wholeCifarSet, 'data_batch_1.bin': bytes })).toContain(
      `data_batch_1.bin is ${words}`,
    );
  });

  it('is none in the place of text', async () => {
    const page = encodeUtf8('<html>\n404');
    expect(await refusal({ ...wholeCifarSet, 'batches.meta.txt': page })).toContain(
      'batches.meta.txt is a web page',
    );
  });
});

describe('text that is no line', () => {
  const named = (names: readonly string[]) =>
    read({ ...wholeCifarSet, 'batches.meta.txt': encodeUtf8(names.join('\n')) });
  const names = Array.from({ length: 10 }, (_, i) => `class ${i}`);

  it.each(['\x1b[31mcat', 'c\0at', 'cat\x07', 'c\x85at', 'c\u202eat', 'x'.repeat(65)])(
    'is no name of a class: %j',
    async bad => {
      const { classNames, notes } = await named(names.with(3, bad));
      expect(classNames).toBeUndefined();
      expect(notes).toEqual([
        'the file of class names has in line 4 more than a name of up to 64 characters that can be printed: it is not used',
      ]);
    },
  );

  it('is no name that EMNIST’s mapping spells', async () => {
    const set = { train: 'emnist-x-train-#-@-ubyte', test: 'emnist-x-test-#-@-ubyte' };
    const mapping = (first: number) => ({ 'emnist-x-mapping.txt': encodeUtf8(`0 ${first}\n1 66`) });
    expect((await read({ ...idxSet([0, 1], set), ...mapping(65) })).classNames).toEqual(['A', 'B']);
    for (const code of [27, 10, 0xd800])
      expect((await read({ ...idxSet([0, 1], set), ...mapping(code) })).classNames).toBeUndefined();
  });

  it('may have any letters and signs', async () => {
    const good = names.with(0, 'Straßenkatze').with(1, '猫').with(2, '👩‍🚀').with(3, 'گربه‌ها');
    expect((await named(good)).classNames).toEqual(good);
  });

  it('is shown with its signs spelt out, if a file is called so', async () => {
    const { notes } = await read({ ...wholeCifarSet, 'data_batch_1\x1b[2J\n.bin': Uint8Array.of(1) });
    expect(notes).toEqual(['not read, because no data file is called so: data_batch_1\\u{1b}[2J\\u{a}.bin']);
  });
});
