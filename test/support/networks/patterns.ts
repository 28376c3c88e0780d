import type { Examples } from '../../../shared/datasets/examples.ts';
import { createRandom, type Random, randomInteger } from '../../../shared/math/random.ts';

const CLASSES = 10;

/** Pictures that are quickly learnt: stripes, whose width, direction and colour tell their class, with noise. */
export function drawPatterns(
  [height, width, channels]: readonly [number, number, number],
  count: number,
  seed: number,
): Examples {
  const random = createRandom('patterns', seed);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASSES);
  const size = height * width * channels;
  const pixels = new Uint8Array(count * size);
  for (const [i, label] of labels.entries())
    pixels.set(drawOne({ height, width, channels }, label, random), i * size);
  return { shape: { height, width, channels }, classes: CLASSES, labels, pixels };
}

interface Sizes {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

function drawOne({ height, width, channels }: Sizes, label: number, random: Random): Uint8Array {
  const shift = randomInteger(random, 3);
  const period = 4 + 2 * (label % 5);
  return Uint8Array.from({ length: height * width * channels }, (_, i) => {
    const [x, y] = [Math.floor(i / channels) % width, Math.floor(i / channels / width)];
    const along = label < 5 ? x : y;
    const isLight = (along + shift) % period < period / 2;
    // The digits of the class in base 3 are its red, green and blue.
    const colour = Math.floor(label / 3 ** (i % channels)) % 3;
    return 60 * colour + (isLight ? 100 : 0) + randomInteger(random, 36);
  });
}
