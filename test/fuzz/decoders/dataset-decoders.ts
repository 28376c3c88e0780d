import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { readCifar10, readCifar100 } from '../../../shared/datasets/cifar.ts';
import { readLines } from '../../../shared/datasets/files/class-names.ts';
import { readDatasetFiles } from '../../../shared/datasets/files/read-dataset-files.ts';
import { gunzip } from '../../../shared/datasets/gunzip.ts';
import { readIdxLabels, readIdxPictures } from '../../../shared/datasets/idx.ts';
import { findData } from '../../../shared/datasets/import/find-data.ts';
import { sourceFromBytes } from '../../../shared/datasets/import/source-file.ts';
import { decodePart, encodePart } from '../../../shared/datasets/part.ts';
import { readPictureHeader } from '../../../shared/datasets/picture-header.ts';
import { openZip } from '../../../shared/datasets/zip.ts';
import { accepted } from '../../../shared/protocol/refusals.ts';
import {
  cifarBatch,
  type Files,
  idxImages,
  idxLabels,
  idxSet,
  wholeCifarSet,
} from '../../unit/datasets/dataset-files.ts';
import { decodeColour, jpegHeader, pngHeader, webpHeader, zipOf } from '../../unit/datasets/make-pictures.ts';
import { BYTES_BOUND, CODE_BYTES, type Decoder } from '../decoder.ts';
import { anyBytes, mutatedBytes } from '../mutate-bytes.ts';

const part = encodePart({
  shape: { height: 4, width: 3, channels: 2 },
  classes: 3,
  labels: Uint8Array.of(0, 1, 2, 1),
  pixels: new Uint8Array(4 * 24).map((_, i) => i),
});

/** Of what a file may unpack to here. The product takes more, by the same code. */
const MOST_UNPACKED = 200_000;

const packed = [
  gzipSync(
    new Uint8Array(5_000).map((_, i) => (i * 7) & 255),
    { mtime: 0 },
  ),
  gzipSync(new Uint8Array(2_000_000), { mtime: 0 }),
  gzipSync(gzipSync(new Uint8Array(3_000_000), { mtime: 0 }), { mtime: 0 }),
].map(bytes => new Uint8Array(bytes));

/** A piece of 8 KiB unpacks to 8.5 MB, which pass by in chunks. */
const GZIP_BOUND = { eachByte: 40, always: CODE_BYTES + 30_000_000 };

/** A folder in which one file is the input. All others are right. */
const folderWith =
  (files: Files, name: string) =>
  (bytes: Uint8Array): unknown => {
    const held: Files = { ...files, [name]: bytes };
    const listed = Object.keys(held).map(path => ({ path }));
    const read = async (path: string) => accepted(held[path] ?? new Uint8Array(0));
    return readDatasetFiles(listed, read, { name: 'own', where: 'folder' });
  };

const idxFolder = idxSet([0, 1, 2, 1]);

const pictures = idxImages(4);
const labels = idxLabels([0, 1, 2, 1]);
const batch = cifarBatch([1, 9], 7);
const names = Buffer.from('airplane\nautomobile\nbird\n');

const headers = [
  pngHeader(20, 30),
  jpegHeader(20, 30, 5),
  webpHeader('VP8 ', 20, 30),
  webpHeader('VP8X', 20, 30),
];
const zip = zipOf({
  'set/a/1.png': pngHeader(4, 4, 1),
  'set/a/2.jpg': jpegHeader(4, 4),
  'set/b/1.png': pngHeader(4, 4, 2),
  'set/notes.txt': 'x'.repeat(2_000),
});
const tables = [
  'p,q,label\n1,2.5,a\n3,4,"b\nc"\n5,,a\n',
  'x\ty\tclass\n1.000,5\t2,5\ta\n3,1\t4\tb\n',
  [1, 2, 3].map(label => [label, ...Array.from({ length: 64 }, (_, i) => i)].join(',')).join('\n'),
].map(text => Uint8Array.from(Buffer.from(text)));

async function unzipAll(bytes: Uint8Array): Promise<void> {
  const read = async (from: number, to: number) => accepted(bytes.subarray(from, to));
  const entries = await openZip({ bytes: bytes.length, read });
  for (const entry of entries.ok ? entries.value : []) await entry.read();
}

export const datasetDecoders: readonly Decoder[] = [
  {
    name: 'part',
    files: ['shared/datasets/part.ts'],
    inputs: fc.oneof(mutatedBytes([part]), anyBytes),
    decode: bytes => decodePart(bytes),
    most: BYTES_BOUND,
  },
  {
    name: 'gzip',
    files: ['shared/datasets/gunzip.ts'],
    inputs: fc.oneof(mutatedBytes(packed), anyBytes),
    decode: bytes => gunzip(bytes, { maxBytes: MOST_UNPACKED, name: 'a.gz' }),
    most: GZIP_BOUND,
    share: 30,
  },
  {
    name: 'idx pictures',
    files: ['shared/datasets/idx.ts'],
    inputs: fc.oneof(mutatedBytes([pictures, labels]), anyBytes),
    decode: bytes => readIdxPictures(bytes, 'images'),
    most: BYTES_BOUND,
  },
  {
    name: 'idx labels',
    files: ['shared/datasets/idx.ts'],
    inputs: fc.oneof(mutatedBytes([labels, pictures]), anyBytes),
    decode: bytes => readIdxLabels(bytes, 'labels'),
    most: BYTES_BOUND,
  },
  {
    name: 'cifar-10',
    files: ['shared/datasets/cifar.ts'],
    inputs: mutatedBytes([batch]),
    decode: bytes => readCifar10(bytes, 'batch'),
    most: BYTES_BOUND,
  },
  {
    name: 'cifar-100',
    files: ['shared/datasets/cifar.ts'],
    inputs: mutatedBytes([new Uint8Array(2 * 3_074)]),
    decode: bytes => readCifar100(bytes, 'train.bin'),
    most: BYTES_BOUND,
  },
  {
    name: 'class names',
    files: ['shared/datasets/files/class-names.ts', 'shared/math/utf8.ts'],
    inputs: fc.oneof(mutatedBytes([names]), anyBytes),
    decode: bytes => readLines(bytes, 'names.txt'),
    most: { eachByte: 60, always: CODE_BYTES },
  },
  {
    name: 'folder of idx files',
    files: ['shared/datasets/files/read-dataset-files.ts'],
    inputs: mutatedBytes([pictures, new Uint8Array(gzipSync(pictures, { mtime: 0 }))]),
    decode: folderWith(idxFolder, 'train-images-idx3-ubyte'),
    most: GZIP_BOUND,
    share: 30,
  },
  {
    name: 'folder of cifar files',
    files: ['shared/datasets/files/read-dataset-files.ts'],
    inputs: mutatedBytes([batch, new Uint8Array(gzipSync(batch, { mtime: 0 }))]),
    decode: folderWith(wholeCifarSet, 'data_batch_1.bin'),
    most: GZIP_BOUND,
    share: 10,
  },
  {
    name: 'picture header',
    files: ['shared/datasets/picture-header.ts'],
    inputs: fc.oneof(mutatedBytes(headers), anyBytes),
    decode: bytes => readPictureHeader(bytes),
    most: BYTES_BOUND,
  },
  {
    name: 'zip',
    files: ['shared/datasets/zip.ts'],
    inputs: fc.oneof(mutatedBytes([zip]), anyBytes),
    decode: unzipAll,
    most: GZIP_BOUND,
  },
  {
    name: 'zip of pictures',
    files: ['shared/datasets/zip.ts', 'shared/datasets/picture-header.ts'],
    inputs: mutatedBytes([zip]),
    decode: bytes => findData([sourceFromBytes('set.zip', bytes)], { decode: decodeColour }),
    most: GZIP_BOUND,
  },
  {
    name: 'table of text',
    files: ['shared/math/utf8.ts'],
    inputs: fc.oneof(mutatedBytes(tables), anyBytes),
    decode: bytes => findData([sourceFromBytes('rows.csv', bytes)], { decode: decodeColour }),
    most: { eachByte: 800, always: GZIP_BOUND.always },
  },
];
