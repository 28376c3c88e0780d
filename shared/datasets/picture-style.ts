import type { Pictures } from './examples.ts';

/**
 * What the pictures of a data set look like, if each shows one thing on an even ground, as drawings do. A visitor's drawing is
 * made like them, or the network sees something that it was never shown.
 */
export interface PictureStyle {
  /** Null if the ground is not even, as in photographs. Then the other figures say little. */
  readonly ground: 'dark' | 'light' | null;
  /** The longer side of the thing, as a share of the picture's side. */
  readonly extent: number;
  /** The middle of the thing, from 0 to 1 across and down. */
  readonly centre: readonly [x: number, y: number];
  /** How wide a stroke is, as a share of the picture's side. */
  readonly stroke: number;
}

/** Of a drawing on paper: for pictures that have no style of their own. */
export const plainStyle: PictureStyle = { ground: null, extent: 0.75, centre: [0.5, 0.5], stroke: 0.08 };

const DARK = 80;
const LIGHT = 175;

/** A ground counts if so many of the pictures have it. */
const MOSTLY = 0.9;

/** Share of the ink on each side that does not count, since a spot of dirt is not the thing. */
const MARGIN = 0.03;

/** Measures some pictures; `plainStyle` if there are none. */
export function measureStyle({ pixels, shape }: Pictures): PictureStyle {
  const size = shape.height * shape.width * shape.channels;
  const greys = Array.from({ length: Math.floor(pixels.length / size) }, (_, i) =>
    greyOf(pixels.subarray(i * size, (i + 1) * size), shape.channels),
  );
  const grounds = greys.map(grey => groundOf(grey, shape));
  const ground = (['dark', 'light'] as const).find(
    each => grounds.filter(found => found === each).length > MOSTLY * greys.length,
  );
  if (!ground) return plainStyle;
  const things = greys.map(grey => measureThing(inkOf(grey, ground), shape)).filter(thing => thing !== null);
  if (things.length === 0) return { ...plainStyle, ground };
  return {
    ground,
    extent: median(things.map(({ extent }) => extent)),
    centre: [median(things.map(({ x }) => x)), median(things.map(({ y }) => y))],
    stroke: median(things.map(({ stroke }) => stroke)),
  };
}

type Size = Readonly<Record<'height' | 'width', number>>;

/** Which ground lies at the edges of a picture of greys; null if it is neither dark nor light. */
export function groundOf(grey: Uint8Array, { height, width }: Size): PictureStyle['ground'] {
  const edge: number[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (y === 0 || x === 0 || y === height - 1 || x === width - 1) edge.push(grey[y * width + x] ?? 0);
  const middle = median(edge);
  if (middle <= DARK) return 'dark';
  return middle >= LIGHT ? 'light' : null;
}

/** The mean of the channels of each pixel. */
function greyOf(picture: Uint8Array, channels: number): Uint8Array {
  if (channels === 1) return picture;
  return Uint8Array.from({ length: picture.length / channels }, (_, i) => {
    const pixel = picture.subarray(i * channels, (i + 1) * channels);
    return pixel.reduce((sum, value) => sum + value, 0) / channels;
  });
}

/** What is more like the strongest pixel than like the ground. */
function inkOf(grey: Uint8Array, ground: 'dark' | 'light'): Uint8Array {
  const strength = grey.map(value => (ground === 'dark' ? value : 255 - value));
  const strongest = strength.reduce((most, value) => Math.max(most, value), 0);
  return strength.map(value => (value > strongest / 2 ? 1 : 0));
}

interface Thing extends Pick<PictureStyle, 'extent' | 'stroke'> {
  readonly x: number;
  readonly y: number;
}

/** Null if nothing is drawn. */
function measureThing(ink: Uint8Array, { height, width }: Size): Thing | null {
  const across = new Array<number>(width).fill(0);
  const down = new Array<number>(height).fill(0);
  let [area, edges] = [0, 0];
  for (let i = 0; i < ink.length; i++) {
    if (ink[i] !== 1) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    across[x] = (across[x] ?? 0) + 1;
    down[y] = (down[y] ?? 0) + 1;
    area += 1;
    for (const [dx, dy] of around)
      if (x + dx < 0 || x + dx >= width || ink[(y + dy) * width + x + dx] !== 1) edges += 1;
  }
  if (area === 0) return null;
  const [[left, right], [top, bottom]] = [spanOf(across, area), spanOf(down, area)];
  return {
    extent: Math.max((right - left) / width, (bottom - top) / height),
    x: (left + right) / 2 / width,
    y: (top + bottom) / 2 / height,
    // A stroke has two edges, one on each side. Counted along pixels, an edge is longer by 4 ∕ π, over all directions.
    stroke: (8 * area) / Math.PI / edges / Math.max(width, height),
  };
}

const around = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

/** From where to where the ink lies, without its margins. */
function spanOf(counts: readonly number[], total: number): readonly [number, number] {
  let sum = 0;
  let [from, to] = [0, counts.length];
  for (const [i, count] of counts.entries()) {
    if (sum <= MARGIN * total) from = i;
    sum += count;
    if (sum < (1 - MARGIN) * total) continue;
    to = i + 1;
    break;
  }
  return [from, to];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
