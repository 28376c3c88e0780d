import { describe, expect, it } from 'vitest';
import { fitStrokes } from '../../client/web/try/prepare/fit-strokes.ts';
import { withGround } from '../../client/web/try/prepare/with-ground.ts';
import { shownPixels } from '../../client/web/ui/shown-pixels.ts';
import { pixelsOf } from '../../shared/datasets/import/pixels-of.ts';
import { type PictureStyle, plainStyle } from '../../shared/datasets/picture-style.ts';

const style: PictureStyle = { ground: 'dark', extent: 0.8, centre: [0.5, 0.4], stroke: 0.1 };
const shape = { height: 20, width: 20, channels: 1 };

describe('a drawing', () => {
  it('becomes as large as the data set’s things, wherever and however small it was drawn', () => {
    const small = [[[0.1, 0.1] as const, [0.1, 0.3] as const]];
    const large = [[[0.5, 0.0] as const, [0.5, 1.0] as const]];
    for (const drawn of [small, large]) {
      const { strokes, lineWidth } = fitStrokes(drawn, style, shape);
      const [[top, bottom] = []] = strokes;
      expect(lineWidth).toBeCloseTo(2);
      expect(top?.[0]).toBeCloseTo(10);
      // With its round ends it is 16 pixels high, and its middle is at 8.
      expect([top?.[1], bottom?.[1]]).toEqual([expect.closeTo(1), expect.closeTo(15)]);
    }
  });

  it('that is a dot stays a dot', () => {
    const { strokes } = fitStrokes([[[0.9, 0.9]]], style, shape);
    expect(strokes).toEqual([[[10, 8]]]);
  });

  it('of nothing has no strokes', () => {
    expect(fitStrokes([], style, shape).strokes).toEqual([]);
  });
});

describe('pixels', () => {
  const rgba = new Uint8ClampedArray([255, 0, 0, 255, 0, 0, 255, 255]);

  it('become greys as eyes see colours, or stay colours', () => {
    expect([...pixelsOf(rgba, 4, { height: 1, width: 2, channels: 1 })]).toEqual([76, 29]);
    expect([...pixelsOf(rgba, 4, { height: 1, width: 2, channels: 3 })]).toEqual([255, 0, 0, 0, 0, 255]);
  });

  it('of the network can be shown', () => {
    expect([...shownPixels(Uint8Array.of(7), { height: 1, width: 1, channels: 1 })]).toEqual([7, 7, 7, 255]);
    expect([...shownPixels(Uint8Array.of(1, 2, 3), { height: 1, width: 1, channels: 3 })]).toEqual([
      1, 2, 3, 255,
    ]);
  });
});

describe('a photograph of a drawing', () => {
  /** Grey paper with a dark stroke in the middle row. */
  const paper = Uint8Array.from({ length: 400 }, (_, i) => (Math.floor(i / 20) === 10 ? 60 : 200));

  it('changes dark and light if the data set has the other ground, and has full contrast', () => {
    const turned = withGround(paper, style, shape);
    expect([turned[0], turned[10 * 20 + 10]]).toEqual([0, 255]);
  });

  it('stays as it is if the data set has no even ground, or colours', () => {
    expect(withGround(paper, plainStyle, shape)).toBe(paper);
    expect(withGround(paper, style, { ...shape, channels: 3 })).toBe(paper);
  });

  it('of nothing stays nothing: noise becomes no strokes', () => {
    const blank = Uint8Array.from({ length: 400 }, (_, i) => 200 + (i % 5));
    expect(Math.max(...withGround(blank, style, shape))).toBeLessThan(80);
  });
});
