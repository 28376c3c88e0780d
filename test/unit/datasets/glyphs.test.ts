import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import type { Examples } from '../../../shared/datasets/examples.ts';
import { drawGlyphs } from '../../../shared/datasets/glyphs.ts';
import { encodePart } from '../../../shared/datasets/part.ts';
import { linearAccuracy } from './linear-accuracy.ts';

const draw = (part: number, count: number, split: 'train' | 'test' = 'train'): Examples =>
  drawGlyphs({ seed: 1, split, part, count });
const classCounts = ({ labels }: Examples): number[] =>
  Array.from({ length: 10 }, (_, label) => labels.filter(l => l === label).length);

describe('glyphs', () => {
  it('are the same bytes on every platform: pinned', () => {
    expect(bytesToHex(sha256(encodePart(draw(0, 100))))).toBe(
      '017f94227ad6417cdac148bc00dbe3717ed3fc64d162ed207ef30a08755a818f',
    );
  });

  it('differ from part to part, seed to seed and between the splits', () => {
    const others = [
      draw(1, 20),
      draw(0, 20, 'test'),
      drawGlyphs({ seed: 2, split: 'train', part: 0, count: 20 }),
    ];
    for (const other of others) expect(other.pixels).not.toEqual(draw(0, 20).pixels);
    expect(draw(0, 20)).toEqual(draw(0, 20));
  });

  it('come in equal numbers of each class, to within one, shuffled', () => {
    const { labels } = draw(3, 100);
    expect(classCounts(draw(3, 100))).toEqual(new Array(10).fill(10));
    expect([...labels]).not.toEqual([...labels].sort());
    for (const count of classCounts(draw(4, 37))) expect([3, 4]).toContain(count);
    expect(draw(0, 0).labels.length).toBe(0);
  });

  it('follow class weights', () => {
    const weighted = (classWeights: number[]): Examples =>
      drawGlyphs({ seed: 1, split: 'train', part: 0, count: 40, classWeights });
    expect(classCounts(weighted([3, 0, 0, 0, 0, 0, 0, 1, 0, 0]))).toEqual([30, 0, 0, 0, 0, 0, 0, 10, 0, 0]);
    expect(classCounts(weighted([0, 0, 0, 0, 0, 0, 0, 0, 1, 0]))).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 40, 0]);
    for (const bad of [[1], new Array(10).fill(0), new Array(10).fill(NaN), [...new Array(9).fill(1), -1]])
      expect(() => weighted(bad)).toThrow(RangeError);
  });

  it('have ink: dark ground, bright strokes', () => {
    const { pixels } = draw(0, 50);
    const bright = pixels.filter(value => value > 128).length / pixels.length;
    expect(bright).toBeGreaterThan(0.05);
    expect(bright).toBeLessThan(0.2);
  });

  it('are learnable, but not by a linear model', () => {
    const accuracy = linearAccuracy(draw(0, 3000), draw(0, 1000, 'test'), { epochs: 6, learningRate: 0.02 });
    expect(accuracy).toBeGreaterThan(0.7);
    expect(accuracy).toBeLessThan(0.9);
  });
});
