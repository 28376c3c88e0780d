/** How many values an array of this shape holds; a shape of no sizes is a scalar. */
export const elementsOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);
