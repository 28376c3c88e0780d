import { describe, expect, it } from 'vitest';
import { drawGlyphsPart } from '../../../shared/datasets/glyphs.ts';
import { groundOf, measureStyle, plainStyle } from '../../../shared/datasets/picture-style.ts';
import { fewGlyphs } from '../../support/local-trainer.ts';

const SIDE = 20;
const shape = { height: SIDE, width: SIDE, channels: 1 };

/** A bar of ink on an even ground: from a row to a row, so wide, with its left edge at a column. */
function bar(
  ground: number,
  ink: number,
  [top, bottom]: readonly [number, number],
  left: number,
  width: number,
) {
  return Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    return y >= top && y < bottom && x >= left && x < left + width ? ink : ground;
  });
}

describe('the style of pictures', () => {
  it.each([
    ['dark', bar(0, 255, [2, 18], 9, 3)],
    ['light', bar(255, 20, [2, 18], 9, 3)],
  ] as const)('of a bar on %s ground is its size, its place and its width', (ground, pixels) => {
    const style = measureStyle({ shape, pixels });
    expect(style).toMatchObject({ ground, extent: 16 / SIDE });
    expect(style.centre[0]).toBeCloseTo(10.5 / SIDE, 5);
    expect(style.centre[1]).toBeCloseTo(10 / SIDE, 5);
    // Three pixels wide; a bar has no slanted edges, so it is taken for a little wider.
    expect(style.stroke * SIDE).toBeGreaterThan(2.5);
    expect(style.stroke * SIDE).toBeLessThan(4);
  });

  it('is that of colours too, by their mean', () => {
    const grey = bar(250, 0, [4, 16], 5, 4);
    const pixels = Uint8Array.from({ length: 3 * grey.length }, (_, i) => grey[Math.floor(i / 3)] ?? 0);
    expect(measureStyle({ shape: { ...shape, channels: 3 }, pixels })).toMatchObject({ ground: 'light' });
  });

  it('of glyphs: strokes of two to four pixels, high as most of the picture, in its middle', () => {
    const style = measureStyle(drawGlyphsPart(fewGlyphs, 'test', 0));
    expect(style.ground).toBe('dark');
    expect(style.extent).toBeGreaterThan(0.6);
    expect(style.extent).toBeLessThan(0.95);
    expect(style.stroke * 28).toBeGreaterThan(1.5);
    expect(style.stroke * 28).toBeLessThan(5);
    for (const middle of style.centre) expect(Math.abs(middle - 0.5)).toBeLessThan(0.08);
  });

  it.each([
    ['no pictures', new Uint8Array(0)],
    [
      'a slope from dark to light',
      Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (255 * (i % SIDE)) / SIDE),
    ],
  ])('of %s is that of a drawing on paper', (_, pixels) => {
    expect(measureStyle({ shape, pixels })).toEqual(plainStyle);
  });

  it('of empty pictures has their ground', () => {
    expect(measureStyle({ shape, pixels: new Uint8Array(SIDE * SIDE) })).toEqual({
      ...plainStyle,
      ground: 'dark',
    });
  });
});

it('a ground that is neither dark nor light is none', () => {
  expect(groundOf(new Uint8Array(SIDE * SIDE).fill(128), shape)).toBeNull();
});
