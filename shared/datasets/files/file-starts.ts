/** Says what a file is that was saved in the place of another, by its first bytes. */

/** Text may have blanks before it, and be in capitals. */
const texts: readonly (readonly [starts: readonly string[], words: string])[] = [
  [['<!doctype', '<html', '<head', '<?xml'], 'is a web page: download the file again'],
  [['version https://git-lfs'], 'is a pointer of Git LFS: fetch the file itself with `git lfs pull`'],
];

const formats: readonly (readonly [starts: readonly string[], words: string])[] = [
  [['PK\x03\x04'], 'is packed with zip: unpack it first'],
  [['BZh'], 'is packed with bzip2: unpack it first'],
  [['\xfd7zXZ'], 'is packed with xz: unpack it first'],
  [['\x1f\x8b'], 'is packed with gzip more than twice: unpack it first'],
  [['\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05'], 'is a Python pickle, which is not read'],
];

const HEAD_BYTES = 64;

/**
 * What the file is, in words, if its first bytes say so. Ask it only of a file that cannot be read as what it should be:
 * the pixels of a picture may be any bytes.
 */
export function describeStart(bytes: Uint8Array): string | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, HEAD_BYTES));
  const text = head.trimStart().toLowerCase();
  const found =
    formats.find(([starts]) => starts.some(start => head.startsWith(start))) ??
    texts.find(([starts]) => starts.some(start => text.startsWith(start)));
  return found?.[1];
}
