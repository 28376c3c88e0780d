/** Positions along an axis: the first, and how many. */
interface Span {
  readonly first: number;
  readonly count: number;
}

/**
 * Where the values of a slice lie in the whole tensor, row-major and so in ascending order.
 * @param shape of the whole tensor
 * @param spans by axis, in ascending order and apart
 */
export function slicePositions(
  shape: readonly number[],
  spans: readonly (readonly Span[])[],
): Uint32Array<ArrayBuffer> {
  let positions = Uint32Array.of(0);
  for (const [axis, size] of shape.entries()) positions = alongAxis(positions, size, spans[axis] ?? []);
  return positions;
}

/** The positions in the tensor with one axis more. */
function alongAxis(
  outer: Uint32Array<ArrayBuffer>,
  size: number,
  spans: readonly Span[],
): Uint32Array<ArrayBuffer> {
  const kept = keptIn(spans);
  const inner = new Uint32Array(outer.length * kept);
  let next = 0;
  for (const position of outer)
    for (const { first, count } of spans)
      for (let i = first; i < first + count; i++) inner[next++] = position * size + i;
  return inner;
}

/** How many positions of a slice come before this one of the whole tensor. */
export function countBefore(
  shape: readonly number[],
  spans: readonly (readonly Span[])[],
  position: number,
): number {
  const [axis, ...inner] = spans;
  if (!axis) return Math.min(1, position);
  const stride = shape.slice(1).reduce((product, size) => product * size, 1);
  const index = Math.floor(position / stride);
  const before = axis.reduce((sum, { first, count }) => sum + Math.min(count, Math.max(0, index - first)), 0);
  const isKept = axis.some(({ first, count }) => first <= index && index < first + count);
  return (
    before * inner.reduce((product, one) => product * keptIn(one), 1) +
    (isKept ? countBefore(shape.slice(1), inner, position % stride) : 0)
  );
}

const keptIn = (spans: readonly Span[]): number => spans.reduce((sum, { count }) => sum + count, 0);

/** The values at these positions. */
export const gatherAt = (values: Float32Array, positions: Uint32Array): Float32Array<ArrayBuffer> =>
  Float32Array.from(positions, position => values[position] ?? Number.NaN);

/** A copy in which these values stand at these positions. */
export function scatterAt(
  whole: Float32Array,
  positions: Uint32Array,
  values: Float32Array,
): Float32Array<ArrayBuffer> {
  const changed = Float32Array.from(whole);
  for (let i = 0; i < positions.length; i++) changed[positions[i] as number] = values[i] as number;
  return changed;
}
