/** Finds the pictures among files, by folders of classes. Only headers are read. */
import { atOnce } from '../../math/at-once.ts';
import type { Split } from '../../protocol/dataset.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import { HEADER_BYTES, type PictureHeader, readPictureHeader } from '../picture-header.ts';
import { placeInFolders } from './class-folders.ts';
import { checkClasses, shownNames, sortNames } from './class-names.ts';
import type { DecodePicture, WantedPicture } from './decode-picture.ts';
import { type FileProblems, whyRefused } from './file-problems.ts';
import type { FoundData, FoundItem } from './found-data.ts';
import type { SourceFile, StopSignal } from './source-file.ts';

export const isPicturePath = (path: string): boolean => /\.(png|jpe?g|jfif|webp)$/i.test(path);

/** No picture that may be decoded has more. */
const MAX_PICTURE_BYTES = 100_000_000;
const READ_AT_ONCE = 8;
/** What the smallest ready networks and phones are quick with, if the pictures are no smaller. */
const SUITABLE_SIDE = 64;

interface ReadablePicture {
  readonly file: SourceFile;
  readonly className: string;
  readonly split?: Split;
  readonly header: PictureHeader;
}

interface FindOptions {
  readonly decode: DecodePicture;
  /** What was brought, in refusals. */
  readonly where: string;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: StopSignal | undefined;
}

/** Refused as `malformed`: one class, more than 256 classes, no picture that can be read. */
export async function findPictures(
  files: readonly SourceFile[],
  { decode, where, onProgress, signal }: FindOptions,
  problems: FileProblems,
): Promise<Result<Omit<FoundData, 'name' | 'problems' | 'problemCount'>>> {
  const places = placeInFolders(files.map(({ path }) => path));
  const folders = new Set(places.map(({ className }) => className));
  folders.delete('');
  if (folders.size === 0) return refused('malformed', describeLoose(files.length, where));
  const checked = checkClasses([...folders], where, 'folder');
  if (!checked.ok) return checked;
  const found: (ReadablePicture | undefined)[] = new Array(files.length).fill(undefined);
  let done = 0;
  await atOnce(READ_AT_ONCE, files.entries(), async ([i, file]) => {
    signal?.throwIfAborted();
    const place = places[i];
    if (!place?.className) problems.add(file.path, 'lies in no folder, and the folder says the class');
    else {
      const header = await readHeader(file);
      if (header.ok) found[i] = { file, ...place, header: header.value };
      else problems.add(file.path, whyRefused(header));
    }
    onProgress?.(++done, files.length);
  });
  const readable = found.filter(picture => picture !== undefined);
  return toFound(readable, where, decode);
}

const describeLoose = (count: number, where: string): string =>
  `${where} has ${count} pictures that lie in no folder: put those of each class in a folder that is called as the class`;

async function readHeader(file: SourceFile): Promise<Result<PictureHeader>> {
  if (file.problem !== undefined) return refused('malformed', `cannot be read: ${file.problem}`);
  if (file.bytes > MAX_PICTURE_BYTES)
    return refused(
      'too-large',
      `has ${Math.round(file.bytes / 1e6)} MB: at most ${MAX_PICTURE_BYTES / 1e6} are read`,
    );
  const start = await file.read(0, HEADER_BYTES);
  if (!start.ok) return start;
  const header = readPictureHeader(start.value);
  if (header.ok || header.reason === 'too-large' || file.bytes <= HEADER_BYTES) return header;
  const whole = await file.read();
  return whole.ok ? readPictureHeader(whole.value) : whole;
}

function toFound(
  pictures: readonly ReadablePicture[],
  where: string,
  decode: DecodePicture,
): Result<Omit<FoundData, 'name' | 'problems' | 'problemCount'>> {
  const names = sortNames(new Set(pictures.map(({ className }) => className)));
  const checked = checkClasses(names, where, 'folder');
  if (!checked.ok) return checked;
  const classOf = new Map(names.map((name, i) => [name, i]));
  const items = pictures.map(
    ({ file, className, split, header }): FoundItem => ({
      label: classOf.get(className) ?? 0,
      path: file.path,
      area: header.height * header.width,
      ...(split && { split }),
    }),
  );
  return accepted({
    kind: 'pictures',
    classNames: shownNames(names),
    items,
    shape: suitableShape(pictures),
    notes: [],
    open: wanted => readerOf(pictures, decode, wanted),
  });
}

/** A square that is no larger than half of the pictures, and grey if all of them are. */
function suitableShape(pictures: readonly ReadablePicture[]) {
  const sides = pictures.map(({ header }) => Math.min(header.height, header.width)).toSorted((a, b) => a - b);
  const usual = sides[Math.floor(sides.length / 2)] ?? SUITABLE_SIDE;
  const side = Math.min(SUITABLE_SIDE, usual);
  return { height: side, width: side, channels: pictures.every(({ header }) => header.isGrey) ? 1 : 3 };
}

const readerOf = (pictures: readonly ReadablePicture[], decode: DecodePicture, wanted: WantedPicture) => ({
  read: async (index: number): Promise<Result<Uint8Array>> => {
    const file = pictures[index]?.file;
    if (!file) return refused('not-found', 'is not there');
    const bytes = await file.read();
    return bytes.ok ? decode(bytes.value, wanted) : bytes;
  },
});
