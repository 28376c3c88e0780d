/** Tells what a picture's file is and how large the picture, from its first bytes, so that nothing too large is decoded. */
import { dataViewOf } from '../math/bytes.ts';
import { accepted, type Result, refused } from '../protocol/refusals.ts';

export interface PictureHeader {
  readonly format: 'PNG' | 'JPEG' | 'WebP';
  readonly height: number;
  readonly width: number;
  /** Whether the file says that it has no colours. WebP files never do. */
  readonly isGrey: boolean;
}

/** The largest that phones take has 50 million pixels. Decoded, it takes 200 MB. */
export const MAX_PICTURE_PIXELS = 51_000_000;

/** Enough for the headers of nearly all pictures. A JPEG file may have more before its size. */
export const HEADER_BYTES = 65_536;

/**
 * Refused as `malformed`: what is no such picture, or ends within its header; as `too-large`: a picture of too many
 * pixels. The detail follows the file's name.
 */
export function readPictureHeader(bytes: Uint8Array): Result<PictureHeader> {
  const read = readers.find(({ starts }) => starts(bytes));
  if (!read) return refused('malformed', describeOther(bytes));
  const size = read.size(dataViewOf(bytes));
  if (!size) return refused('malformed', `is damaged: its ${read.format} header is cut off or wrong`);
  const [height, width, isGrey = false] = size;
  if (height < 1 || width < 1) return refused('malformed', `is damaged: it says ${width} × ${height} pixels`);
  if (height * width > MAX_PICTURE_PIXELS) return refused('too-large', describeTooLarge(height, width));
  return accepted({ format: read.format, height, width, isGrey });
}

const describeTooLarge = (height: number, width: number): string =>
  `has ${Math.round((height * width) / 1e6)} megapixels (${width} × ${height}): at most ${MAX_PICTURE_PIXELS / 1e6} are decoded, so make it smaller first`;

type Size = readonly [height: number, width: number, isGrey?: boolean];

interface HeaderReader {
  readonly format: PictureHeader['format'];
  readonly starts: (bytes: Uint8Array) => boolean;
  /** Undefined if the bytes end before the size, or make no sense. */
  readonly size: (view: DataView) => Size | undefined;
}

const hasText = (bytes: Uint8Array, at: number, text: string): boolean =>
  [...text].every((char, i) => bytes[at + i] === char.charCodeAt(0));

/** The header is the first chunk: length, `IHDR`, width, height, depth, kind of colours. Kinds 0 and 4 are grey. */
const pngSize = (view: DataView): Size | undefined =>
  view.byteLength < 26
    ? undefined
    : [view.getUint32(20), view.getUint32(16), [0, 4].includes(view.getUint8(25))];

/** Segments of a marker and a length come one after another. One of the frame headers SOF0 to SOF15 has the size. */
function jpegSize(view: DataView): Size | undefined {
  let at = 2;
  while (at + 10 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (isFrameHeader(marker))
      return [view.getUint16(at + 5), view.getUint16(at + 7), view.getUint8(at + 9) === 1];
    // A marker may be padded with more bytes of ones.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** Of these, 0xC4, 0xC8 and 0xCC are tables. */
const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Lossy, lossless, and extended, which is any of both with more about it. */
function webpSize(view: DataView): Size | undefined {
  if (view.byteLength < 30) return undefined;
  const kind = String.fromCharCode(...[12, 13, 14, 15].map(at => view.getUint8(at)));
  if (kind === 'VP8 ') return [view.getUint16(28, true) & 0x3fff, view.getUint16(26, true) & 0x3fff];
  if (kind === 'VP8X') return [1 + uint24(view, 27), 1 + uint24(view, 24)];
  if (kind !== 'VP8L' || view.getUint8(20) !== 0x2f) return undefined;
  const bits = view.getUint32(21, true);
  return [1 + ((bits >>> 14) & 0x3fff), 1 + (bits & 0x3fff)];
}

const uint24 = (view: DataView, at: number): number =>
  view.getUint16(at, true) + 65_536 * view.getUint8(at + 2);

const readers: readonly HeaderReader[] = [
  { format: 'PNG', starts: bytes => hasText(bytes, 0, '\x89PNG\r\n\x1a\n'), size: pngSize },
  { format: 'JPEG', starts: bytes => hasText(bytes, 0, '\xff\xd8\xff'), size: jpegSize },
  {
    format: 'WebP',
    starts: bytes => hasText(bytes, 0, 'RIFF') && hasText(bytes, 8, 'WEBP'),
    size: webpSize,
  },
];

const others: readonly (readonly [at: number, start: string, format: string])[] = [
  [0, 'GIF8', 'GIF'],
  [0, 'BM', 'BMP'],
  [0, 'II*\0', 'TIFF'],
  [0, 'MM\0*', 'TIFF'],
  // Apple's and other cameras write one of several brands (ISO/IEC 23008-12), with more depth or a burst among them.
  [4, 'ftypavi', 'AVIF'],
  [4, 'ftyphei', 'HEIC'],
  [4, 'ftyphev', 'HEIC'],
  [4, 'ftypmif', 'HEIC'],
  [4, 'ftypmsf', 'HEIC'],
  [0, '<svg', 'SVG'],
];

function describeOther(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'is empty';
  const other = others.find(([at, start]) => hasText(bytes, at, start));
  return other
    ? `is a picture of the kind ${other[2]}: save it as PNG, JPEG or WebP`
    : 'is no PNG, JPEG or WebP picture';
}
