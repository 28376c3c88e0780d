import { unzipSync } from 'fflate';
import { newRunWords } from '../../words/new-run-words.ts';
import type { ChosenFile } from './chosen-file.ts';

/** More than any network that a browser trains. A zip says how large its files are before they are read. */
const MOST_BYTES = 512_000_000;

const ZIP = [0x50, 0x4b, 0x03, 0x04];

/** The files with those in zips in place of the zips. @throws Error in words if a zip is damaged or too large */
export async function unzipAll(files: readonly ChosenFile[]): Promise<ChosenFile[]> {
  const opened: ChosenFile[] = [];
  for (const file of files) {
    const isZip = /\.(zip|keras)$/i.test(file.path);
    opened.push(...(isZip ? unzipped(file.path, await readWithin(file)) : [file]));
  }
  return opened;
}

async function readWithin(file: ChosenFile): Promise<Uint8Array> {
  if (file.bytes > MOST_BYTES) throw new Error(newRunWords().own.tooLarge(file.path));
  return file.read();
}

function unzipped(path: string, bytes: Uint8Array): ChosenFile[] {
  const words = newRunWords().own;
  if (!ZIP.every((byte, i) => bytes[i] === byte)) throw new Error(words.noZip(path));
  const folder = path.replace(/\.(zip|keras)$/i, '');
  return Object.entries(entriesOf(path, bytes)).map(([name, inner]) => ({
    path: `${folder}/${name}`,
    bytes: inner.length,
    read: async () => inner,
  }));
}

/** Only what a network is made of is unpacked. */
function entriesOf(path: string, bytes: Uint8Array): Record<string, Uint8Array> {
  const words = newRunWords().own;
  let total = 0;
  try {
    return unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!/\.(json|bin|h5|pb|tflite)$/i.test(name) || name.startsWith('__MACOSX')) return false;
        total += originalSize;
        if (total > MOST_BYTES) throw new RangeError('too large');
        return true;
      },
    });
  } catch (error) {
    throw new Error(error instanceof RangeError ? words.tooLarge(path) : words.damagedZip(path));
  }
}
