/** Says what is wrong with the names of files among which there is no data set. */
import type { ListedFile } from './dataset-format.ts';

/** A name that has a data set's name in it, but is none: a copy, half a download. Hidden files are somebody else's. */
export const isNearMiss = (name: string): boolean =>
  /^[^.]/.test(name) && /(train|t10k|test)[-_. ](images|labels)|data_batch_\d|test_batch/i.test(name);

const takes =
  'folders of pictures (PNG, JPEG, WebP), nor a table (CSV), nor IDX files (train-images-idx3-ubyte, …), nor CIFAR-10 or CIFAR-100 binaries (data_batch_1.bin, …; train.bin, …)';

/** What people have in place of the files that are read, by its name. */
const others: readonly (readonly [names: RegExp, words: string])[] = [
  [
    /^(data_batch_\d|test_batch|batches\.meta|meta)$/,
    'is of the Python version of CIFAR, which is not read: take the binary version',
  ],
  [
    /(^data_batch_\d|^test_batch|^batches\.meta|emnist.*)\.mat$/,
    'is of the Matlab version, which is not read: take the binary version',
  ],
  [/\.(tar|tgz|7z|rar|xz|bz2|zst|tar\.gz)$/, 'is an archive: unpack it first'],
  [/\.(part|partial|crdownload|download|tmp|!ut)$/, 'is a download that has not ended'],
  [/\.(gif|bmp|tiff?|hei[cf]|avif|svg)$/, 'is a picture of another kind: save it as PNG, JPEG or WebP'],
  [
    /\.(npz|npy|pkl|pickle|parquet|arrow|mat|h5|hdf5|tfrecords?|xlsx?|ods)$/,
    'is of a format that is not read',
  ],
];

/** Why nothing in this folder is a data set. `where` is the folder. */
export function explainNothing(files: readonly ListedFile[], where: string): string {
  const nothing = `${where} holds neither ${takes}`;
  for (const [names, words] of others) {
    const found = files.find(({ path }) => names.test(path.slice(path.lastIndexOf('/') + 1).toLowerCase()));
    if (found) return `${nothing}; ${found.path} ${words}`;
  }
  const near = files.find(({ path }) => isNearMiss(path.slice(path.lastIndexOf('/') + 1)));
  return near ? `${nothing}; ${near.path} has another name, so it is not taken` : nothing;
}
