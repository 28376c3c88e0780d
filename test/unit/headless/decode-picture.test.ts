import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture } from '../../../client/headless/files/decode-picture.ts';
import { drawPicture } from '../../support/draw-pictures.ts';

const wanted = (height: number, width: number, channels: number, fit: 'crop' | 'stretch' = 'crop') => ({
  shape: { height, width, channels },
  fit,
});

async function decoded(file: Buffer, picture: ReturnType<typeof wanted>): Promise<number[]> {
  const pixels = await decodePicture(new Uint8Array(file), picture);
  if (!pixels.ok) throw new Error(pixels.detail);
  return [...pixels.value];
}

interface Colour {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly alpha: number;
}

const plain = (background: Colour) => sharp({ create: { width: 4, height: 4, channels: 4, background } });

describe('a picture that the command decodes', () => {
  it.each(['png', 'jpeg', 'webp'] as const)('of %s has its colours, row by row', async format => {
    const file = await plain({ r: 200, g: 100, b: 50, alpha: 1 }).toFormat(format).toBuffer();
    const pixels = await decoded(file, wanted(2, 3, 3));
    expect(pixels).toHaveLength(18);
    for (const [i, pixel] of pixels.entries())
      expect(Math.abs(pixel - ([200, 100, 50][i % 3] ?? 0))).toBeLessThanOrEqual(4);
  });

  it('is grey by the weights that browsers use', async () => {
    const file = await plain({ r: 200, g: 100, b: 50, alpha: 1 }).png().toBuffer();
    expect(await decoded(file, wanted(1, 1, 1))).toEqual([
      Math.round(0.299 * 200 + 0.587 * 100 + 0.114 * 50),
    ]);
  });

  it('is white where it is transparent', async () => {
    const file = await plain({ r: 0, g: 0, b: 0, alpha: 0 }).png().toBuffer();
    expect(await decoded(file, wanted(1, 1, 3))).toEqual([255, 255, 255]);
  });

  it('is upright, whichever way the camera was held', async () => {
    // The left half is black. Turned by a quarter to the right, it is the upper half.
    const half = { create: { width: 8, height: 16, channels: 3, background: '#000' } } as const;
    const file = await sharp(half)
      .extend({ right: 8, background: '#fff' })
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    const [upper = 255, lower = 0] = await decoded(file, wanted(2, 1, 1));
    expect(upper).toBeLessThan(50);
    expect(lower).toBeGreaterThan(200);
  });

  it('loses its edges if it is cropped, and keeps them if it is stretched', async () => {
    // A frame of two white pixels around 12 × 8 black ones.
    const file = await drawPicture([0, 0, 0], 'png', { height: 12, width: 60 });
    const [cropped, stretched] = [
      await decoded(file, wanted(12, 12, 1)),
      await decoded(file, wanted(12, 12, 1, 'stretch')),
    ];
    const leftOf = (pixels: readonly number[]) => pixels[6 * 12] ?? 0;
    expect(leftOf(cropped)).toBe(0);
    expect(leftOf(stretched)).toBeGreaterThan(50);
  });

  it('may have 16 bits a colour, no colours, or four inks', async () => {
    const base = plain({ r: 128, g: 128, b: 128, alpha: 1 }).removeAlpha();
    const files = [
      await base.clone().toColourspace('rgb16').png().toBuffer(),
      await base.clone().toColourspace('b-w').png().toBuffer(),
      await base.clone().toColourspace('cmyk').jpeg().toBuffer(),
    ];
    for (const file of files)
      for (const pixel of await decoded(file, wanted(1, 1, 3)))
        expect(Math.abs(pixel - 128)).toBeLessThanOrEqual(16);
  });

  it('is refused if it is cut off or no picture', async () => {
    const whole = await drawPicture([9, 9, 9], 'jpeg', { height: 200, width: 200 });
    for (const bytes of [whole.subarray(0, whole.length / 2), Buffer.from('no picture')])
      expect(await decodePicture(new Uint8Array(bytes), wanted(4, 4, 3))).toMatchObject({
        ok: false,
        detail: 'is damaged',
      });
  });
});
