/** Makes a hosted data set of what was found, part after part, so that memory holds one part at a time. */
import { sha256Hex } from '../../math/sha256.ts';
import {
  type HostedDataset,
  hostedDatasetSchema,
  MAX_PARTS,
  type Partition,
  type PartRef,
  type Split,
} from '../../protocol/dataset.ts';
import { examplesPerPart, pixelsPerImage } from '../../protocol/part-size.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import type { PartBlob } from '../cut-into-parts.ts';
import { hashPictures } from '../hash-pictures.ts';
import { encodePart } from '../part.ts';
import { partitionExamples } from '../partition.ts';
import type { WantedPicture } from './decode-picture.ts';
import { type FileProblem, FileProblems, MAX_LISTED, whyRefused } from './file-problems.ts';
import type { FoundData, PictureReader } from './found-data.ts';
import { readAhead } from './read-ahead.ts';
import type { StopSignal } from './source-file.ts';
import { type SplitChoice, splitFound } from './split-found.ts';

export interface ImportChoices extends SplitChoice {
  readonly name: string;
  readonly wanted: WantedPicture;
  readonly partition: Partition;
  readonly classNames?: readonly string[];
  /** Where the data are from and what their licence is, for people. */
  readonly source?: string;
  /** Takes a part, in the order of the data set. The next one is made after it. */
  readonly onPart: (part: PartBlob) => Promise<void>;
  /** Called with how many pictures were read. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: StopSignal;
}

/** A picture that has the same pixels as another, and is left out. */
export interface Repeat {
  readonly path: string;
  /** The one that is kept. */
  readonly of: string;
}

export interface ImportedData {
  readonly dataset: HostedDataset;
  /** What could not be read, that was found out only now too. */
  readonly problems: readonly FileProblem[];
  readonly problemCount: number;
  readonly repeats: readonly Repeat[];
  readonly repeatCount: number;
}

/**
 * Reads, decodes and cuts. Pictures of the same pixels are kept once, of whichever class and split: training ones come
 * first, so that none is tested with that was trained on. Rows and pixels stay as they are. Refused as `bad-spec`: too
 * many pictures for the parts, a split of which nothing is left, a name or source that no description takes.
 * @throws the signal's reason if it is aborted, and what `onPart` throws
 */
export async function importData(found: FoundData, choices: ImportChoices): Promise<Result<ImportedData>> {
  const split = splitFound(found, choices);
  const shape = found.kind === 'pictures' ? choices.wanted.shape : found.shape;
  const perPart = examplesPerPart(shape);
  const problem = findProblem(shape, perPart, split);
  if (problem !== undefined) return refused('bad-spec', problem);
  const cutter = new PartCutter(found, choices, shape, found.open(choices.wanted, split.train));
  const train = await cutter.cut('train', split.train, choices.partition);
  const test = await cutter.cut('test', split.test, { kind: 'iid' });
  if (train.length === 0 || test.length === 0)
    return refused('bad-spec', whyNothingLeft(train.length === 0 ? 'training' : 'test', cutter));
  const { name, partition, source } = choices;
  const dataset = hostedDatasetSchema.safeParse({
    kind: 'hosted',
    name,
    shape,
    classes: found.classNames.length,
    classNames: choices.classNames ?? found.classNames,
    ...(source && { source }),
    ...(cutter.reader.columns && { columns: cutter.reader.columns }),
    partition,
    train,
    test,
  });
  if (!dataset.success) return refused('bad-spec', dataset.error.issues[0]?.message);
  const { problems, repeats, repeatCount } = cutter;
  return accepted({
    dataset: dataset.data,
    problems: problems.list,
    problemCount: problems.count,
    repeats,
    repeatCount,
  });
}

const whyNothingLeft = (split: string, { problems, repeatCount }: PartCutter): string =>
  `no ${split} example is left: ${problems.count} cannot be read and ${repeatCount} are the same as others`;

function findProblem(
  { height, width, channels }: WantedPicture['shape'],
  perPart: number,
  { train, test }: { readonly train: readonly number[]; readonly test: readonly number[] },
): string | undefined {
  if (perPart < 1)
    return `an example of ${height} × ${width} × ${channels} does not fit a part of 1 MB: make it smaller`;
  if (train.length === 0 || test.length === 0)
    return `there are ${train.length} training and ${test.length} test examples: both are needed`;
  const most = perPart * MAX_PARTS;
  return Math.max(train.length, test.length) > most
    ? `more than ${most} examples of this size do not fit ${MAX_PARTS} parts: make them smaller`
    : undefined;
}

/** As many training parts as the glyphs have, if there are pictures enough. */
const WANTED_PARTS = 16;
const LEAST_IN_PART = 16;

/** What has been read so far, which later parts depend on. */
class PartCutter {
  readonly problems = new FileProblems();
  readonly repeats: Repeat[] = [];
  repeatCount = 0;
  readonly reader: PictureReader;
  private readonly found: FoundData;
  private readonly choices: ImportChoices;
  private readonly shape: WantedPicture['shape'];
  /** The items by the hashes of their pixels. */
  private readonly seen = new Map<number, number>();
  private done = 0;

  constructor(
    found: FoundData,
    choices: ImportChoices,
    shape: WantedPicture['shape'],
    reader: PictureReader,
  ) {
    this.found = found;
    this.choices = choices;
    this.shape = shape;
    this.reader = reader;
    for (const { path, problem } of found.problems) this.problems.add(path, problem);
    this.problems.count = found.problemCount;
  }

  async cut(split: Split, indices: readonly number[], partition: Partition): Promise<PartRef[]> {
    const { seed, onPart } = this.choices;
    const { items, classNames } = this.found;
    const labels = indices.map(index => items[index]?.label ?? 0);
    const parts = Math.ceil(indices.length / this.mostPerPart(split, indices.length));
    const refs: PartRef[] = [];
    for (const part of partitionExamples(labels, classNames.length, parts, partition, `${seed}/${split}`)) {
      const { bytes, examples } = await this.makePart(part.map(i => indices[i] as number));
      if (examples === 0) continue;
      const sha256 = sha256Hex(bytes);
      await onPart({ sha256, bytes });
      refs.push({ sha256, bytes: bytes.length, examples });
    }
    return refs;
  }

  /** A small set is cut finer than it must be, so that there is a part for each of a few volunteers. */
  private mostPerPart(split: Split, count: number): number {
    const most = examplesPerPart(this.shape);
    return split === 'test' ? most : Math.min(most, Math.max(LEAST_IN_PART, Math.ceil(count / WANTED_PARTS)));
  }

  private async makePart(indices: readonly number[]): Promise<{ bytes: Uint8Array; examples: number }> {
    const size = pixelsPerImage(this.shape);
    const labels = new Uint8Array(indices.length);
    const pixels = new Uint8Array(indices.length * size);
    let examples = 0;
    const { items, classNames } = this.found;
    for await (const [index, picture] of readAhead(this.reader, items, indices)) {
      this.choices.signal?.throwIfAborted();
      if (this.takes(index, picture)) {
        labels[examples] = items[index]?.label ?? 0;
        pixels.set(picture.value, examples * size);
        examples += 1;
      }
      this.choices.onProgress?.(++this.done, items.length);
    }
    const bytes = encodePart({
      shape: this.shape,
      classes: classNames.length,
      labels: labels.subarray(0, examples),
      pixels: pixels.subarray(0, examples * size),
    });
    return { bytes, examples };
  }

  /** Lists what is not taken. */
  private takes(
    index: number,
    picture: Result<Uint8Array>,
  ): picture is Extract<Result<Uint8Array>, { ok: true }> {
    const path = this.pathOf(index);
    if (!picture.ok) {
      this.problems.add(path, whyRefused(picture));
      return false;
    }
    if (picture.value.length !== pixelsPerImage(this.shape)) {
      this.problems.add(path, 'was decoded to another size');
      return false;
    }
    return this.found.kind !== 'pictures' || !this.isRepeat(index, picture.value);
  }

  private isRepeat(index: number, pixels: Uint8Array): boolean {
    const [hash = 0] = hashPictures({ shape: this.shape, pixels, labels: new Uint8Array(1) });
    const first = this.seen.get(hash);
    if (first === undefined) {
      this.seen.set(hash, index);
      return false;
    }
    this.repeatCount += 1;
    if (this.repeats.length < MAX_LISTED)
      this.repeats.push({ path: this.pathOf(index), of: this.pathOf(first) });
    return true;
  }

  private pathOf = (index: number): string => this.found.items[index]?.path ?? '';
}
