import { describe, expect, it } from 'vitest';
import { drawChanges, gatherPictures } from '../../../shared/datasets/augment.ts';
import { type ImageShape, pixelsPerImage } from '../../../shared/protocol/part-size.ts';

const ALL = Uint8Array.from({ length: 162 }, (_, change) => change);

const picture = (shape: ImageShape): Uint8Array =>
  Uint8Array.from({ length: pixelsPerImage(shape) }, (_, i) => (i % 250) + 1);

/** By the definition: pixel by pixel out of the padded picture, then flipped. */
function changedPlainly(pixels: Uint8Array, shape: ImageShape, change: number): number[] {
  const { height, width, channels } = shape;
  const [down, right] = [(Math.floor(change / 9) % 9) - 4, (change % 9) - 4];
  const at = (y: number, x: number, channel: number): number =>
    y < 0 || x < 0 || y >= height || x >= width ? 0 : (pixels[(y * width + x) * channels + channel] ?? 0);
  return Array.from({ length: pixels.length }, (_, i) => {
    const channel = i % channels;
    const x = Math.floor(i / channels) % width;
    const y = Math.floor(i / channels / width);
    return at(y + down, (change < 81 ? x : width - 1 - x) + right, channel);
  });
}

describe('flip and crop', () => {
  it.each([
    { height: 7, width: 6, channels: 3 },
    { height: 5, width: 9, channels: 1 },
    // Smaller than the padding: a crop may miss it.
    { height: 2, width: 3, channels: 3 },
    { height: 1, width: 1, channels: 1 },
  ])('makes every change of $height × $width × $channels as its definition does', shape => {
    const one = picture(shape);
    const size = pixelsPerImage(shape);
    const pixels = new Uint8Array(ALL.length * size);
    for (const change of ALL) pixels.set(one, change * size);
    const changed = gatherPictures(pixels, shape, Uint32Array.from(ALL), ALL);
    for (const change of ALL)
      expect([...changed.subarray(change * size, (change + 1) * size)], `change ${change}`).toEqual(
        changedPlainly(one, shape, change),
      );
  });

  it('leaves pictures as they are if there are no changes', () => {
    const shape = { height: 2, width: 2, channels: 1 };
    const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    expect([...gatherPictures(pixels, shape, Uint32Array.of(1, 0), null)]).toEqual([5, 6, 7, 8, 1, 2, 3, 4]);
  });

  it('is drawn the same for the same seed on every machine, and otherwise for another', () => {
    expect([...drawChanges(6, 1, 'lease1', 0)]).toEqual([53, 38, 70, 82, 60, 148]);
    expect(drawChanges(50, 1, 'lease1', 0)).not.toEqual(drawChanges(50, 1, 'lease1', 1));
  });

  it('draws all changes, each about as often, half of them flips', () => {
    const counts = new Uint32Array(162);
    for (const change of drawChanges(162 * 200, 7)) counts[change] = (counts[change] ?? 0) + 1;
    expect(Math.min(...counts)).toBeGreaterThan(120);
    expect(Math.max(...counts)).toBeLessThan(280);
  });
});
