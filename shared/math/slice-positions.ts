/** Positions along an axis: the first, and how many. */
interface Span {
  readonly first: number;
  readonly count: number;
}

/**
 * Where the values of a slice lie in the whole tensor, row-major and so in ascending order.
 * @param shape of the whole tensor
 * @param spans by axis, in ascending order and apart
 * @param start, end of the whole tensor, only what lies from here to before there; memory holds no more
 */
export function slicePositions(
  shape: readonly number[],
  spans: readonly (readonly Span[])[],
  start = 0,
  end = product(shape),
): Uint32Array<ArrayBuffer> {
  const positions = new Uint32Array(countBefore(shape, spans, end) - countBefore(shape, spans, start));
  const strides = shape.map((_, axis) => product(shape.slice(axis + 1)));
  let next = 0;
  const visit = (axis: number, base: number): void => {
    const stride = strides[axis];
    if (stride === undefined) {
      positions[next++] = base;
      return;
    }
    const [least, most] = [Math.floor((start - base) / stride), Math.ceil((end - base) / stride)];
    for (const { first, count } of spans[axis] ?? [])
      for (let i = Math.max(first, least); i < Math.min(first + count, most); i++)
        visit(axis + 1, base + i * stride);
  };
  visit(0, 0);
  return positions;
}

const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);

/** How many positions of a slice come before this one of the whole tensor. */
export function countBefore(
  shape: readonly number[],
  spans: readonly (readonly Span[])[],
  position: number,
): number {
  const [axis, ...inner] = spans;
  if (!axis) return Math.min(1, position);
  const stride = product(shape.slice(1));
  const index = Math.floor(position / stride);
  const before = axis.reduce((sum, { first, count }) => sum + Math.min(count, Math.max(0, index - first)), 0);
  const isKept = axis.some(({ first, count }) => first <= index && index < first + count);
  return (
    before * product(inner.map(keptIn)) + (isKept ? countBefore(shape.slice(1), inner, position % stride) : 0)
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
