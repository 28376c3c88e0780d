/** Tells what is odd about pictures and labels, but may be meant. */
import type { Examples } from '../examples.ts';
import { countRepeats, hashPictures } from '../hash-pictures.ts';
import type { SlotSource } from './dataset-format.ts';

/** The well-known sets repeat a picture here and there, which changes nothing that can be measured. */
export const FEW_REPEATS = 1 / 1000;

export function notePictures(train: Examples, test: Examples, note: SlotSource['note']): void {
  noteRepeats(train, test, note);
  noteAbsentClasses(train, test, note);
}

function noteRepeats(train: Examples, test: Examples, note: SlotSource['note']): void {
  const seen = new Set<number>();
  const repeated = countRepeats(hashPictures(train), seen);
  const known = hashPictures(test).filter(hash => seen.has(hash)).length;
  const [ofTrain, ofTest] = [train.labels.length, test.labels.length];
  if (repeated > FEW_REPEATS * ofTrain)
    note(
      `${repeated} of the ${ofTrain} training pictures repeat others: each counts as often as it is there`,
    );
  if (known > FEW_REPEATS * ofTest)
    note(`${known} of the ${ofTest} test pictures are training pictures too: the accuracy will be too good`);
}

/** A class that was never seen is never the answer, though the network has an output for it. */
function noteAbsentClasses({ labels, classes }: Examples, test: Examples, note: SlotSource['note']): void {
  const present = new Set(labels);
  const absent = Array.from({ length: classes }, (_, label) => label).filter(label => !present.has(label));
  if (absent.length === 0) return;
  const tested = test.labels.filter(label => !present.has(label)).length;
  const lost =
    tested === 0 ? '' : `; ${tested} of the ${test.labels.length} test pictures are of such a class`;
  note(
    `${absent.length} of the ${classes} classes have no training picture and are not learnt: ${describeRanges(absent)}${lost}`,
  );
}

const SHOWN_RANGES = 8;

/** `0, 3–5, 9` */
function describeRanges(ascending: readonly number[]): string {
  const starts = ascending.filter((label, i) => ascending[i - 1] !== label - 1);
  const ends = ascending.filter((label, i) => ascending[i + 1] !== label + 1);
  const ranges = starts.map((start, i) => (start === ends[i] ? `${start}` : `${start}–${ends[i]}`));
  return ranges.length > SHOWN_RANGES
    ? `${ranges.slice(0, SHOWN_RANGES).join(', ')} and more`
    : ranges.join(', ');
}
