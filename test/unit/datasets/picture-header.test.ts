import { describe, expect, it } from 'vitest';
import { readPictureHeader } from '../../../shared/datasets/picture-header.ts';
import { encodeUtf8 } from '../../../shared/math/utf8.ts';
import { jpegHeader, pngHeader, webpHeader } from './make-pictures.ts';

/** What a file in the container of MP4 begins with. */
const ftyp = (brand: string): Uint8Array => encodeUtf8(`\0\0\0\x18ftyp${brand}`);

describe('the header of a picture', () => {
  it.each([
    ['PNG', pngHeader(480, 640)],
    ['JPEG', jpegHeader(480, 640)],
    ['JPEG', jpegHeader(480, 640, 300)],
    ['WebP', webpHeader('VP8 ', 480, 640)],
    ['WebP', webpHeader('VP8L', 480, 640)],
    ['WebP', webpHeader('VP8X', 480, 640)],
  ] as const)('tells the size of a %s file', (format, bytes) => {
    expect(readPictureHeader(bytes)).toEqual({
      ok: true,
      value: { format, height: 480, width: 640, isGrey: false },
    });
  });

  it('tells whether a PNG or JPEG file is grey', () => {
    const [png, jpeg] = [pngHeader(5, 5), jpegHeader(5, 5)];
    png[25] = 0;
    jpeg[jpeg.length - 1] = 1;
    for (const bytes of [png, jpeg])
      expect(readPictureHeader(bytes)).toMatchObject({ value: { isGrey: true } });
  });

  it('tells that a picture of 100 megapixels is too large, without decoding it', () => {
    expect(readPictureHeader(pngHeader(10_000, 10_000))).toEqual({
      ok: false,
      reason: 'too-large',
      detail: 'has 100 megapixels (10000 × 10000): at most 51 are decoded, so make it smaller first',
    });
  });

  it.each([
    ['nothing', new Uint8Array(), 'is empty'],
    ['text', Uint8Array.from([104, 105]), 'is no PNG, JPEG or WebP picture'],
    [
      'a picture of a phone with 10 bits',
      ftyp('heix'),
      'is a picture of the kind HEIC: save it as PNG, JPEG or WebP',
    ],
    ['a burst of a phone', ftyp('msf1'), 'is a picture of the kind HEIC: save it as PNG, JPEG or WebP'],
    ['a moving AVIF', ftyp('avis'), 'is a picture of the kind AVIF: save it as PNG, JPEG or WebP'],
    ['a drawing', encodeUtf8('<svg xmlns='), 'is a picture of the kind SVG: save it as PNG, JPEG or WebP'],
    [
      'a GIF',
      Uint8Array.from([71, 73, 70, 56, 57, 97]),
      'is a picture of the kind GIF: save it as PNG, JPEG or WebP',
    ],
    ['half a PNG header', pngHeader(5, 5).subarray(0, 20), 'is damaged: its PNG header is cut off or wrong'],
    [
      'half a JPEG header',
      jpegHeader(5, 5, 99).subarray(0, 60),
      'is damaged: its JPEG header is cut off or wrong',
    ],
    ['a size of nothing', pngHeader(0, 5), 'is damaged: it says 5 × 0 pixels'],
  ])('says what is wrong with %s', (_, bytes, detail) => {
    expect(readPictureHeader(bytes)).toMatchObject({ ok: false, reason: 'malformed', detail });
  });
});
