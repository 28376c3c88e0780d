import type { Pictures } from '../../../shared/datasets/examples.ts';
import type { WantedPicture } from '../../../shared/datasets/import/decode-picture.ts';
import type { FoundData } from '../../../shared/datasets/import/found-data.ts';
import { concatBytes } from '../../../shared/math/bytes.ts';
import type { ImageShape } from '../../../shared/protocol/part-size.ts';

/** Pictures of a class on the contact sheet. */
const OF_A_CLASS = 6;

/** Large enough to recognise a picture, and small enough for hundreds of classes. */
const THUMBNAIL: ImageShape = { height: 48, width: 48, channels: 3 };

/** Pictures of the preview: of so many classes, if there are so many. */
const IN_PREVIEW = 8;

/** A few pictures of a class. Null if none of them can be read. */
export const thumbnailsOf = (found: FoundData, label: number): Promise<Pictures | null> =>
  readFirst(found, { shape: thumbnailShape(found), fit: 'crop' }, indicesOf(found, label), OF_A_CLASS);

/** A few pictures of many classes, as the network will see them. Null if none can be read. */
export async function previewOf(found: FoundData, wanted: WantedPicture): Promise<Pictures | null> {
  const classes = [...found.classNames.keys()].map(label => [...take(indicesOf(found, label), IN_PREVIEW)]);
  const byTurns = Array.from({ length: IN_PREVIEW }, (_, turn) =>
    classes.flatMap(indices => indices[turn] ?? []),
  );
  return readFirst(found, wanted, byTurns.flat(), IN_PREVIEW);
}

const thumbnailShape = ({ kind, shape }: FoundData): ImageShape => (kind === 'pictures' ? THUMBNAIL : shape);

function* indicesOf({ items }: FoundData, wanted: number): Generator<number> {
  for (const [index, { label }] of items.entries()) if (label === wanted) yield index;
}

function* take(indices: Iterable<number>, most: number): Generator<number> {
  let left = most;
  for (const index of indices) {
    if (left-- === 0) return;
    yield index;
  }
}

/** Those that cannot be read are passed over, but not without end. */
async function readFirst(
  found: FoundData,
  wanted: WantedPicture,
  indices: Iterable<number>,
  most: number,
): Promise<Pictures | null> {
  const reader = found.open(wanted);
  const pixels: Uint8Array[] = [];
  for (const index of take(indices, 2 * most)) {
    const picture = await reader.read(index);
    if (picture.ok) pixels.push(picture.value);
    if (pixels.length === most) break;
  }
  return pixels.length === 0 ? null : { shape: wanted.shape, pixels: concatBytes(pixels) };
}
