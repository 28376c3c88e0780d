import fc from 'fast-check';
import type { Examples } from '../../../shared/datasets/examples.ts';
import type { Result } from '../../../shared/protocol/refusals.ts';

/** Grey pictures of one pixel whose value is their index, so that it shows which went where. */
export const numbered = (labels: readonly number[], classes = 10): Examples => ({
  shape: { height: 1, width: 1, channels: 1 },
  classes,
  labels: Uint8Array.from(labels),
  pixels: Uint8Array.from(labels.keys()),
});

export const arbitraryExamples: fc.Arbitrary<Examples> = fc
  .record({
    height: fc.integer({ min: 1, max: 5 }),
    width: fc.integer({ min: 1, max: 5 }),
    channels: fc.integer({ min: 1, max: 3 }),
    classes: fc.integer({ min: 1, max: 256 }),
    count: fc.integer({ min: 0, max: 12 }),
  })
  .chain(({ height, width, channels, classes, count }) => {
    const size = count * height * width * channels;
    return fc.record({
      shape: fc.constant({ height, width, channels }),
      classes: fc.constant(classes),
      labels: fc.uint8Array({ minLength: count, maxLength: count, max: classes - 1 }),
      pixels: fc.uint8Array({ minLength: size, maxLength: size }),
    });
  });

/** The value of an accepted result; a refusal fails the test with its reason. */
export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
  return result.value;
}

/** The reason and detail of a refusal; an accepted result fails the test. */
export function refusalOf(result: Result<unknown>): string {
  if (result.ok) throw new Error('accepted what should be refused');
  return `${result.reason}: ${result.detail}`;
}
