import type { Examples } from '../../../shared/datasets/examples.ts';

interface Training {
  readonly epochs: number;
  readonly learningRate: number;
}

/** Test accuracy of softmax regression on the pixels, trained by plain stochastic gradient descent, one at a time. */
export function linearAccuracy(train: Examples, test: Examples, { epochs, learningRate }: Training): number {
  const size = train.pixels.length / train.labels.length;
  const weights = new Float64Array(train.classes * (size + 1));
  for (let step = 0; step < epochs * train.labels.length; step++) {
    const i = step % train.labels.length;
    const x = pictureAt(train, i, size);
    const scores = scoresOf(weights, x, train.classes);
    const largest = Math.max(...scores);
    const powers = scores.map(score => Math.exp(score - largest));
    const sum = powers.reduce((a, b) => a + b);
    for (const [label, power] of powers.entries())
      addScaled(
        weights,
        label * x.length,
        x,
        learningRate * (Number(label === train.labels[i]) - power / sum),
      );
  }
  const right = test.labels.filter((label, i) => {
    const scores = scoresOf(weights, pictureAt(test, i, size), test.classes);
    return scores.indexOf(Math.max(...scores)) === label;
  });
  return right.length / test.labels.length;
}

/** Pixels in 0–1 and a constant 1 for the bias. */
function pictureAt({ pixels }: Examples, i: number, size: number): Float64Array {
  const picture = new Float64Array(size + 1).fill(1);
  for (let at = 0; at < size; at++) picture[at] = (pixels[i * size + at] as number) / 255;
  return picture;
}

const scoresOf = (weights: Float64Array, x: Float64Array, classes: number): number[] =>
  Array.from({ length: classes }, (_, label) => {
    let sum = 0;
    for (let at = 0; at < x.length; at++)
      sum += (x[at] as number) * (weights[label * x.length + at] as number);
    return sum;
  });

function addScaled(weights: Float64Array, from: number, x: Float64Array, factor: number): void {
  for (let at = 0; at < x.length; at++)
    weights[from + at] = (weights[from + at] as number) + factor * (x[at] as number);
}
