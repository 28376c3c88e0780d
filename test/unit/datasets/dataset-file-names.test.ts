import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../../shared/math/utf8.ts';
import { propertyRuns } from '../../support/extent.ts';
import {
  below,
  cifarBatch,
  cifarSet,
  idxImages,
  idxLabels,
  idxSet,
  packed,
  read,
  refusal,
  wholeCifarSet,
  without,
} from './dataset-files.ts';

describe('the names of IDX files', () => {
  it.each([
    ['as MNIST has them', 'train-#-@-ubyte', 't10k-#-@-ubyte'],
    ['with dots for dashes', 'train-#.@-ubyte', 't10k-#.@-ubyte'],
    ['with test for t10k', 'train-#-@-ubyte', 'test-#-@-ubyte'],
    ['in capitals', 'TRAIN-#-@-UBYTE', 'T10K-#-@-UBYTE'],
    ['with a set before them', 'qmnist-train-#-@-ubyte', 'qmnist-test-#-@-ubyte'],
    ['with a type that is another', 'train-#-@-int', 't10k-#-@-int'],
    ['without a type', 'train-#.@', 't10k-#.@'],
  ])('%s are known, packed and not', async (_, train, test) => {
    const files = idxSet([0, 1, 2], { train, test });
    for (const some of [files, packed(files), below('raw', files)]) {
      const data = await read(some);
      expect({ classes: data.train.classes, labels: [...data.train.labels] }).toEqual({
        classes: 3,
        labels: [0, 1, 2],
      });
      expect([data.train.pixels.length, data.test.pixels.length]).toEqual([18, 6]);
    }
  });
});

/** What browsers, systems, editors and programs make of a name. */
const asides: readonly ((name: string) => string)[] = [
  ...[' (1)', '.part', '.crdownload', '.download', '.tmp', '~', '.bak', '.orig', '.swp', '.1', '.gz.part'],
].map(end => (name: string) => `${name}${end}`);
const prefixed = ['._', '.', '#', 'Copy of ', '~$'].map(start => (name: string) => `${start}${name}`);
const inside = [
  (name: string) => name.replace('.bin', ' (1).bin'),
  (name: string) => name.replace('.bin', ' - Copy.bin'),
  (name: string) => name.replace('.bin', '_1.bin'),
  (name: string) => name.replace('.bin', ''),
];

describe('a name that is not whole', () => {
  const changes = fc.constantFrom(...asides, ...prefixed, ...inside);
  const contents = fc.constantFrom(
    cifarBatch([3, 3, 3], 77),
    cifarBatch([1, 9], 1),
    Uint8Array.of(1, 2),
    new Uint8Array(),
  );

  it('is no batch of CIFAR-10, whatever is in the file', async () => {
    const batch = fc.constantFrom('data_batch_1.bin', 'data_batch_2.bin', 'test_batch.bin');
    await fc.assert(
      fc.asyncProperty(batch, changes, contents, async (name, change, bytes) => {
        const data = await read({ ...cifarSet([1, 3]), [change(name)]: bytes, '.DS_Store': bytes });
        expect([...data.train.labels]).toEqual([1, 9, 3, 9]);
        expect(data.test.labels).toHaveLength(1);
      }),
      { numRuns: propertyRuns(60) },
    );
  });

  it('is told, if it could have been meant', async () => {
    const { notes } = await read({
      ...wholeCifarSet,
      'data_batch_2.bin.part': new Uint8Array(),
      '._data_batch_1.bin': new Uint8Array(),
    });
    expect(notes).toEqual(['not read, because no data file is called so: data_batch_2.bin.part']);
    const labels = 'train-labels-idx1-ubyte';
    const lacking = { ...without(idxSet([0, 1]), labels), [`${labels} (1)`]: idxLabels([0, 1]) };
    expect(await refusal(lacking)).toContain(
      `FOLDER lacks ${labels} (or as .gz); ${labels} (1) has another name, so it is not taken`,
    );
  });
});

describe('the same content', () => {
  const files = cifarSet([1, 2]);
  const batch = files['data_batch_1.bin'] as Uint8Array;

  it('is read once if a file is there packed and unpacked', async () => {
    const { train, notes } = await read({ ...files, 'data_batch_1.bin.gz': gzipSync(batch) });
    expect([...train.labels]).toEqual([1, 9, 2, 9]);
    expect(notes[0]).toBe('data_batch_1.bin.gz holds the same as data_batch_1.bin: it is read once');
  });

  it('is read once if it has the names of two batches', async () => {
    const { train, notes } = await read({ ...files, 'data_batch_3.bin': batch });
    expect([...train.labels]).toEqual([1, 9, 2, 9]);
    expect(notes[0]).toBe(
      '2 of the 2 pictures in data_batch_3.bin are in data_batch_1.bin too: they are counted once',
    );
  });

  it('is wanted of files of one name: otherwise both are named', async () => {
    const other = gzipSync(cifarBatch([4], 4));
    expect(await refusal({ ...files, 'data_batch_1.bin.gz': other })).toContain(
      'data_batch_1.bin and data_batch_1.bin.gz hold different content: remove one of them',
    );
    const idx = { ...idxSet([0, 1]), 'train-labels.idx1-ubyte': idxLabels([1, 0]) };
    expect(await refusal(idx)).toContain(
      'train-labels-idx1-ubyte and train-labels.idx1-ubyte hold different',
    );
    expect((await read({ ...idx, 'train-labels.idx1-ubyte': idxLabels([0, 1]) })).train.classes).toBe(2);
  });

  it('is told of if it is for training and for testing', async () => {
    const { notes } = await read({ ...files, 'test_batch.bin': batch });
    expect(notes).toContain(
      '2 of the 2 test pictures are training pictures too: the accuracy will be too good',
    );

    const same = {
      ...idxSet([0, 1]),
      't10k-images-idx3-ubyte': idxImages(2),
      't10k-labels-idx1-ubyte': idxLabels([0, 1]),
    };
    expect((await read(same)).notes).toEqual([
      '2 of the 2 test pictures are training pictures too: the accuracy will be too good',
    ]);
  });
});

describe('the batches that are there', () => {
  it('are told if some are missing', async () => {
    const { notes } = await read(without(wholeCifarSet, 'data_batch_4.bin', 'data_batch_5.bin'));
    expect(notes).toEqual([
      '3 of the 5 training batches are here, without data_batch_4.bin, data_batch_5.bin',
      '4 of the 10 classes have no training picture and are not learnt: 6–9',
    ]);
    expect((await read(wholeCifarSet)).notes).toEqual([]);
  });

  it.each([
    ['no test batch', without(cifarSet([1]), 'test_batch.bin'), 'FOLDER lacks test_batch.bin (or as .gz)'],
    ['no training batch', without(cifarSet([1]), 'data_batch_1.bin'), 'FOLDER lacks data_batch_1.bin'],
    [
      'a batch of CIFAR-100',
      { ...cifarSet([1]), 'data_batch_2.bin': new Uint8Array(2 * 3074) },
      "data_batch_2.bin holds records of 3074 bytes, which are CIFAR-100's",
    ],
    [
      'an empty batch',
      { ...cifarSet([1]), 'data_batch_2.bin': new Uint8Array() },
      'data_batch_2.bin is empty',
    ],
  ])('are refused with %s', async (_, files, detail) => {
    expect(await refusal(files)).toContain(detail);
  });
});

describe('names of classes', () => {
  const names = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
  const named = async (text: Uint8Array) =>
    (await read({ ...cifarSet([1]), 'batches.meta.txt': text })).classNames;
  const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'));

  it.each([
    ['Unix', encodeUtf8(`${names.join('\n')}\n\n`)],
    ['Windows', encodeUtf8(`${names.join('\r\n')}\r\n\r\n`)],
    ['an old Macintosh', encodeUtf8(names.join('\r'))],
    ['an editor that writes a byte order mark', encodeUtf8(`\ufeff${names.join('\r\n')}`)],
    ['a shell that writes UTF-16', utf16(`${names.join('\r\n')}\r\n`)],
    ['somebody who left blanks', encodeUtf8(names.map(name => ` ${name} \t`).join('\n \n'))],
  ])('are lines as %s writes them', async (_, text) => {
    expect(await named(text)).toEqual(names);
  });

  it('are left out, and that is said, if there is not one for each class', async () => {
    const { classNames, notes } = await read({
      ...wholeCifarSet,
      'batches.meta.txt': encodeUtf8('one\ntwo'),
    });
    expect(classNames).toBeUndefined();
    expect(notes).toEqual(['the file of class names has 2 lines for 10 classes: it is not used']);
  });
});
