import { createRandom, randomInteger } from '../../shared/math/random.ts';

/** Draws settings of cases. The same seed draws the same in every engine, so a failing case can be run again. */
export interface Draw {
  /** A whole number from `least` to `most`, both included. */
  readonly whole: (least: number, most: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
  /** So many whole numbers up to `most`; the least is 1 if none is given. */
  readonly sizes: (count: number, most: number, least?: number) => number[];
}

export function drawOf(...seed: readonly (string | number)[]): Draw {
  const random = createRandom(...seed);
  const whole = (least: number, most: number): number => least + randomInteger(random, most - least + 1);
  return {
    whole,
    pick: items => items[randomInteger(random, items.length)] as (typeof items)[number],
    sizes: (count, most, least = 1) => Array.from({ length: count }, () => whole(least, most)),
  };
}

/** So many cases of kernels, each from a seed of its own: more of them leave the first ones as they are. */
export const drawn = <T>(name: string, count: number, make: (draw: Draw) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(drawOf('kernel cases', name, i)));
