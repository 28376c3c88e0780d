import { zipSync } from 'fflate';
import type { DecodePicture } from '../../../shared/datasets/import/decode-picture.ts';
import { type SourceFile, sourceFromBytes } from '../../../shared/datasets/import/source-file.ts';
import { crc32 } from '../../../shared/math/crc32.ts';
import { encodeUtf8 } from '../../../shared/math/utf8.ts';
import { accepted, refused } from '../../../shared/protocol/refusals.ts';

const ascii = (text: string): number[] => [...text].map(char => char.charCodeAt(0));
const big32 = (value: number): number[] => [24, 16, 8, 0].map(bits => (value >>> bits) & 255);

/** The start of a PNG file that says this size, and one byte in the place of its pixels. */
export const pngHeader = (height: number, width: number, colour = 0): Uint8Array => {
  const body = [...ascii('IHDR'), ...big32(width), ...big32(height), 8, 2, 0, 0, 0];
  const crc = ~crc32(-1, Uint8Array.from(body)) >>> 0;
  return Uint8Array.from([0x89, ...ascii('PNG\r\n\x1a\n'), ...big32(13), ...body, ...big32(crc), colour]);
};

/** A JPEG file up to its frame header, with a comment of so many bytes before it. */
export const jpegHeader = (height: number, width: number, commentBytes = 0): Uint8Array => {
  const big16 = (value: number): number[] => [value >>> 8, value & 255];
  const comment = [0xff, 0xfe, ...big16(2 + commentBytes), ...new Array<number>(commentBytes).fill(0)];
  const frame = [0xff, 0xc2, ...big16(17), 8, ...big16(height), ...big16(width), 3];
  return Uint8Array.from([0xff, 0xd8, ...(commentBytes > 0 ? comment : []), 0xff, 0xdb, 0, 2, ...frame]);
};

export const webpHeader = (kind: 'VP8 ' | 'VP8L' | 'VP8X', height: number, width: number): Uint8Array => {
  const bytes = new Uint8Array(30);
  bytes.set(ascii('RIFF'));
  bytes.set(ascii(`WEBP${kind}`), 8);
  const view = new DataView(bytes.buffer);
  if (kind === 'VP8 ') {
    view.setUint16(26, width, true);
    view.setUint16(28, height, true);
  } else if (kind === 'VP8L') {
    bytes[20] = 0x2f;
    view.setUint32(21, (width - 1) | ((height - 1) << 14), true);
  } else {
    view.setUint16(24, width - 1, true);
    view.setUint16(27, height - 1, true);
  }
  return bytes;
};

/** Pictures of one colour, which is their last byte. 255 stands for one that is damaged behind its header. */
export const decodeColour: DecodePicture = async (bytes, { shape }) => {
  const colour = bytes.at(-1) ?? 0;
  if (colour === 255) return refused('malformed', 'is damaged');
  return accepted(new Uint8Array(shape.height * shape.width * shape.channels).fill(colour));
};

export const filesOf = (files: Readonly<Record<string, Uint8Array | string>>): SourceFile[] =>
  Object.entries(files).map(([path, content]) => sourceFromBytes(path, bytesOf(content)));

export const zipOf = (files: Readonly<Record<string, Uint8Array | string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([path, content]) => [path, bytesOf(content)])));

const bytesOf = (content: Uint8Array | string): Uint8Array =>
  typeof content === 'string' ? encodeUtf8(content) : content;
