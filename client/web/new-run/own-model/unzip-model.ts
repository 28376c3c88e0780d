import { isHidden } from '../../../../shared/datasets/import/source-file.ts';
import { openZip, type ZipEntry } from '../../../../shared/datasets/zip.ts';
import { accepted } from '../../../../shared/protocol/refusals.ts';
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
    opened.push(...(isZip ? await unzipped(file.path, await readWithin(file)) : [file]));
  }
  return opened;
}

async function readWithin(file: ChosenFile): Promise<Uint8Array> {
  if (file.bytes > MOST_BYTES) throw new Error(newRunWords().own.tooLarge(file.path));
  return file.read();
}

async function unzipped(path: string, bytes: Uint8Array): Promise<ChosenFile[]> {
  const folder = path.replace(/\.(zip|keras)$/i, '');
  return (await entriesOf(path, bytes)).map(entry => ({
    path: `${folder}/${entry.name}`,
    bytes: entry.bytes,
    read: () => unpacked(path, entry),
  }));
}

/** Only what a network is made of is unpacked. */
async function entriesOf(path: string, bytes: Uint8Array): Promise<ZipEntry[]> {
  const words = newRunWords().own;
  if (!ZIP.every((byte, i) => bytes[i] === byte)) throw new Error(words.noZip(path));
  const opened = await openZip({
    bytes: bytes.length,
    read: async (from, to) => accepted(bytes.subarray(from, to)),
  });
  if (!opened.ok)
    throw new Error(opened.reason === 'too-large' ? words.tooLarge(path) : words.damagedZip(path));
  const entries = opened.value.filter(
    ({ name }) => /\.(json|bin|h5|pb|tflite)$/i.test(name) && !isHidden(name),
  );
  if (entries.reduce((sum, entry) => sum + entry.bytes, 0) > MOST_BYTES)
    throw new Error(words.tooLarge(path));
  return entries;
}

async function unpacked(path: string, { name, problem, read }: ZipEntry): Promise<Uint8Array> {
  const words = newRunWords().own;
  if (problem !== undefined) throw new Error(words.badEntry(path, name, problem));
  const bytes = await read();
  if (!bytes.ok) throw new Error(words.damagedZip(path));
  // A stored file lies in the buffer of the whole zip. Only a copy of its own can be handed to a thread.
  return bytes.value.slice();
}
