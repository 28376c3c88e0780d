/** The folders of CIFAR-10 and CIFAR-100 in their binary versions. */
import { sha256Hex } from '../../math/sha256.ts';
import { readTextLines } from '../../math/utf8.ts';
import { accepted, type Result } from '../../protocol/refusals.ts';
import { readCifar10, readCifar100 } from '../cifar.ts';
import { concatExamples, type Examples } from '../examples.ts';
import type { DatasetFormat, LabelChoice, OpenFile, ReadPictures, SlotSource } from './dataset-format.ts';

/** Training batches of the original. */
const BATCHES = 5;

const batchName = (batch: number): string => `data_batch_${batch}.bin`;
const isBatch = (slot: string): boolean => slot.startsWith('data_batch_');
const batchNumber = (slot: string): number => Number(/\d+/.exec(slot));

/** The names of files that are slots by themselves. */
const slotNamed =
  (set: string, names: RegExp) =>
  (name: string): { set: string; slot: string } | undefined =>
    names.test(name) ? { set, slot: name } : undefined;

export const cifar10Format: DatasetFormat = {
  slotOf: slotNamed('cifar-10', /^(data_batch_[1-9]\d?\.bin|test_batch\.bin|batches\.meta\.txt)$/),
  lacking: (_, slots) => [
    ...([...slots].some(isBatch) ? [] : [batchName(1)]),
    ...(slots.has('test_batch.bin') ? [] : ['test_batch.bin']),
  ],
  read: async source => {
    const seen: Seen = new Map();
    const train = await readBatches(source, seen);
    if (!train.ok) return train;
    const file = await source.open('test_batch.bin');
    if (!file.ok) return file;
    const same = seen.get(sha256Hex(file.value.bytes));
    if (same) source.note(`${file.value.name} holds the pictures of ${same}: the accuracy will be too good`);
    const test = readCifar10(file.value.bytes, file.value.name);
    if (!test.ok) return test;
    return withClassNames(source, 'batches.meta.txt', { train: train.value, test: test.value });
  },
};

export const cifar100Format: DatasetFormat = {
  slotOf: slotNamed('cifar-100', /^((train|test)\.bin|(fine|coarse)_label_names\.txt)$/),
  lacking: (_, slots) => ['train.bin', 'test.bin'].filter(name => !slots.has(name)),
  read: async (source, labels) => {
    const read = (bytes: Uint8Array, name: string) => readCifar100(bytes, name, labels);
    const train = await openAs(source, 'train.bin', read);
    if (!train.ok) return train;
    const test = await openAs(source, 'test.bin', read);
    if (!test.ok) return test;
    return withClassNames(source, namesFile(labels), { train: train.value, test: test.value });
  },
};

const namesFile = (labels: LabelChoice): string => `${labels}_label_names.txt`;

async function openAs<T>(
  source: SlotSource,
  slot: string,
  read: (bytes: Uint8Array, name: string) => Result<T>,
): Promise<Result<T>> {
  const file = await source.open(slot);
  return file.ok ? read(file.value.bytes, file.value.name) : file;
}

/** The names of files by the hashes of their content. */
type Seen = Map<string, string>;

/** Reads one batch after the other, so that only their pictures are in memory. A batch that came before is not counted. */
async function readBatches(source: SlotSource, seen: Seen): Promise<Result<Examples>> {
  const slots = [...source.slots].filter(isBatch).toSorted((a, b) => batchNumber(a) - batchNumber(b));
  const batches: Examples[] = [];
  for (const slot of slots) {
    const file = await source.open(slot);
    if (!file.ok) return file;
    if (isRepeated(file.value, seen, source)) continue;
    const batch = readCifar10(file.value.bytes, file.value.name);
    if (!batch.ok) return batch;
    batches.push(batch.value);
  }
  noteMissing(source, slots);
  return accepted(concatExamples(batches));
}

function isRepeated({ name, bytes }: OpenFile, seen: Seen, source: SlotSource): boolean {
  const hash = sha256Hex(bytes);
  const before = seen.get(hash);
  if (before === undefined) seen.set(hash, name);
  else source.note(`${name} holds the same pictures as ${before}: they are read once`);
  return before !== undefined;
}

function noteMissing(source: SlotSource, slots: readonly string[]): void {
  const all = Array.from({ length: BATCHES }, (_, i) => batchName(i + 1));
  const missing = all.filter(name => !slots.includes(name));
  if (missing.length > 0)
    source.note(
      `${BATCHES - missing.length} of the ${BATCHES} training batches are here, without ${missing.join(', ')}`,
    );
}

async function withClassNames(
  source: SlotSource,
  slot: string,
  { train, test }: { readonly train: Examples; readonly test: Examples },
): Promise<Result<ReadPictures>> {
  const pictures = { train, test, classes: train.classes };
  if (!source.slots.has(slot)) return accepted(pictures);
  const file = await source.open(slot);
  return file.ok ? accepted({ ...pictures, classNames: readTextLines(file.value.bytes) }) : file;
}
