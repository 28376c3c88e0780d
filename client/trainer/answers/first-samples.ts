import { pixelsPerImage } from '../../../shared/protocol/part-size.ts';
import { loadParts } from '../examples/examples.ts';
import type { ExampleSource, Samples } from '../trainer-api.ts';

/** Copies of the first examples, no more than there are. @throws if a part does not decode, or if there is no part */
export function firstSamples(source: ExampleSource, most: number): Samples {
  const [first] = loadParts(source);
  if (!first) throw new Error('there is no part to take pictures of');
  const { shape, labels, pixels } = first;
  const count = Math.min(most, labels.length);
  return {
    shape,
    labels: labels.slice(0, count),
    pixels: pixels.slice(0, count * pixelsPerImage(shape)),
  };
}
