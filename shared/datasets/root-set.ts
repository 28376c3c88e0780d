/** Which training parts a run can hold back, and whether they are of use to a referee. */
import { type Dataset, datasetClasses, partCount } from '../protocol/dataset.ts';
import { accepted, type Result, refused } from '../protocol/refusals.ts';
import { MAX_ROOT_PARTS, type Root, rootParts, volunteersParts } from '../protocol/root-set.ts';
import { drawPartLabels } from './glyphs.ts';
import { decodePart } from './part.ts';

/** The labels of a training part. They are asked for one part after the other, so one is in memory at a time. */
export type LabelsOf = (part: number) => Promise<Uint8Array>;

/**
 * The labels of a data set's training parts. A part that is damaged has none.
 * @param readPart the bytes of a part of a hosted data set
 */
export const trainingLabels =
  (dataset: Dataset, readPart: (sha256: string) => Promise<Uint8Array>): LabelsOf =>
  async part => {
    if (dataset.kind === 'glyphs') return drawPartLabels(dataset, 'train', part);
    const ref = dataset.train[part];
    const decoded = ref ? decodePart(await readPart(ref.sha256)) : null;
    return decoded?.ok ? decoded.value.labels : new Uint8Array();
  };

/** Fewer examples tell a harmful version from a good one too rarely. FLTrust's authors hold back 100. */
const LEAST_EXAMPLES = 200;

/** No more than this share of the training parts is held back unless the host says so. */
const LARGEST_SHARE = 0.25;

/** Of parts that are small or of few classes, no more are looked at for the set that a host did not ask for. */
const MOST_LOOKED_AT = 16;

/**
 * The smallest root set of enough examples that has every class. Null if it would take more than a quarter of the
 * training parts.
 */
export function chooseRoot(dataset: Dataset, labelsOf: LabelsOf): Promise<Root | null> {
  const most = Math.min(MOST_LOOKED_AT, Math.floor(partCount(dataset, 'train') * LARGEST_SHARE));
  return smallestRoot(dataset, labelsOf, { most, least: LEAST_EXAMPLES });
}

/** Refuses a root set that lacks a class or leaves nothing to train on, and says what to change. */
export async function checkRoot(
  { dataset, root }: { readonly dataset: Dataset; readonly root?: Root | undefined },
  labelsOf: LabelsOf,
): Promise<Result<true>> {
  if (!root) return accepted(true);
  const total = partCount(dataset, 'train');
  if (volunteersParts({ dataset, root }) < 1)
    return refused(
      'bad-spec',
      `root.parts holds back ${root.parts} of ${total} training parts and leaves none to train on: set it to ${total - 1} or less${total === 1 ? ', which takes smaller parts: import the data set with more of them, or leave root out' : ''}`,
    );
  const counts = new ClassCounts(datasetClasses(dataset));
  for (const part of rootParts({ dataset, root })) counts.add(await labelsOf(part));
  if (counts.lacking.length === 0) return accepted(true);
  const enough = await smallestRoot(dataset, labelsOf, {
    most: Math.min(MAX_ROOT_PARTS, total - 1),
    least: 0,
  });
  return refused('bad-spec', whyLacking(dataset, root, counts, enough));
}

function whyLacking(dataset: Dataset, root: Root, counts: ClassCounts, enough: Sized | null): string {
  const names = counts.lacking.map(label => nameOf(dataset, label)).join(', ');
  const lacks = `the root set of ${plural(root.parts, 'part')} (${plural(counts.examples, 'example')}) has no example of ${names}`;
  return enough
    ? `${lacks}: set root.parts to ${enough.parts}, whose ${plural(enough.examples, 'example')} have every class, or leave root out`
    : `${lacks}, and no number of parts at the end has every class and leaves some to train on: leave root out, or import the data set with evenly mixed parts`;
}

const nameOf = (dataset: Dataset, label: number): string =>
  (dataset.kind === 'hosted' ? dataset.classNames?.[label] : undefined) ?? `class ${label}`;

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

interface Sized extends Root {
  readonly examples: number;
}

/** The fewest parts at the end that have every class and at least so many examples. */
async function smallestRoot(
  dataset: Dataset,
  labelsOf: LabelsOf,
  { most, least }: { readonly most: number; readonly least: number },
): Promise<Sized | null> {
  const total = partCount(dataset, 'train');
  const counts = new ClassCounts(datasetClasses(dataset));
  for (let parts = 1; parts <= most; parts++) {
    counts.add(await labelsOf(total - parts));
    const { examples, lacking } = counts;
    if (examples >= least && lacking.length === 0) return { parts, examples };
  }
  return null;
}

class ClassCounts {
  private readonly seen: boolean[];
  examples = 0;

  constructor(classes: number) {
    this.seen = new Array<boolean>(classes).fill(false);
  }

  add(labels: Uint8Array): void {
    this.examples += labels.length;
    for (const label of labels) this.seen[label] = true;
  }

  get lacking(): readonly number[] {
    return this.seen.flatMap((isSeen, label) => (isSeen ? [] : [label]));
  }
}
