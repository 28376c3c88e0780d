/** The folders of CIFAR-10 and CIFAR-100 in their binary versions. */
import { accepted, type Result } from '../../protocol/refusals.ts';
import { readCifar10, readCifar100 } from '../cifar.ts';
import { concatExamples, type Examples, selectExamples } from '../examples.ts';
import { hashPictures } from '../hash-pictures.ts';
import { readLines } from './class-names.ts';
import type { DatasetFormat, LabelChoice, OpenFile, ReadPictures, SlotSource } from './dataset-format.ts';
import { FEW_REPEATS } from './note-pictures.ts';

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
    const train = await readBatches(source);
    if (!train.ok) return train;
    const test = await source.open('test_batch.bin', readCifar10);
    if (!test.ok) return test;
    return withClassNames(source, 'batches.meta.txt', { train: train.value, test: test.value.content });
  },
};

export const cifar100Format: DatasetFormat = {
  slotOf: slotNamed('cifar-100', /^((train|test)\.bin|(fine|coarse)_label_names\.txt)$/),
  lacking: (_, slots) => ['train.bin', 'test.bin'].filter(name => !slots.has(name)),
  read: async (source, labels) => {
    const read = (bytes: Uint8Array, name: string) => readCifar100(bytes, name, labels);
    const train = await source.open('train.bin', read);
    if (!train.ok) return train;
    const test = await source.open('test.bin', read);
    if (!test.ok) return test;
    const pictures = { train: train.value.content, test: test.value.content };
    return withClassNames(source, namesFile(labels), pictures);
  },
};

const namesFile = (labels: LabelChoice): string => `${labels}_label_names.txt`;

/** Reads one batch after the other, so that only their pictures are in memory. */
async function readBatches(source: SlotSource): Promise<Result<Examples>> {
  const slots = [...source.slots].filter(isBatch).toSorted((a, b) => batchNumber(a) - batchNumber(b));
  const seen: Seen = new Map();
  const batches: Examples[] = [];
  for (const slot of slots) {
    const batch = await source.open(slot, readCifar10);
    if (!batch.ok) return batch;
    batches.push(withoutSeen(batch.value, seen, source.note));
  }
  noteMissing(source, slots);
  return accepted(concatExamples(batches));
}

/** The names of files by the hashes of their pictures. */
type Seen = Map<number, string>;

/**
 * What a batch has beyond those before it. Batches share no pictures, so one that does was copied, cut or joined from
 * others. Afterwards all its pictures are in `seen`.
 */
function withoutSeen({ name, content }: OpenFile<Examples>, seen: Seen, note: SlotSource['note']): Examples {
  const hashes = [...hashPictures(content)];
  const before = new Set(hashes.flatMap(hash => seen.get(hash) ?? []));
  const fresh = [...hashes.keys()].filter(i => !seen.has(hashes[i] as number));
  for (const i of fresh) seen.set(hashes[i] as number, name);
  const repeated = hashes.length - fresh.length;
  if (repeated <= FEW_REPEATS * hashes.length) return content;
  note(
    `${repeated} of the ${hashes.length} pictures in ${name} are in ${[...before].join(', ')} too: they are counted once`,
  );
  return selectExamples(content, fresh);
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
  const file = await source.open(slot, readLines);
  return file.ok ? accepted({ ...pictures, classNames: file.value.content }) : file;
}
