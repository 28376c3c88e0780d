import type { PictureStyle } from '../../../../shared/datasets/picture-style.ts';

/** A place on the drawing board, from 0 to 1 across and down. */
export type Point = readonly [x: number, y: number];
/** The places that the pen went through without being lifted. */
export type Stroke = readonly Point[];

/** Strokes as they lie in the network's picture, in pixels, and how wide they are. */
export interface FittedStrokes {
  readonly strokes: readonly Stroke[];
  readonly lineWidth: number;
}

/** A small drawing is made no larger than this many times: a dot stays a dot. */
const MOST_TIMES = 5;

/** Thinner strokes hardly leave a mark. */
const LEAST_WIDTH = 1;

/** Moves and scales a drawing, so that it is as large as the data set's things and lies where they lie. */
export function fitStrokes(
  drawn: readonly Stroke[],
  style: PictureStyle,
  { height, width }: Readonly<Record<'height' | 'width', number>>,
): FittedStrokes {
  const side = Math.min(height, width);
  const lineWidth = Math.max(LEAST_WIDTH, style.stroke * side);
  const points = drawn.flat();
  const [left, right] = boundsOf(points.map(([x]) => x));
  const [top, bottom] = boundsOf(points.map(([, y]) => y));
  const longer = Math.max(right - left, bottom - top);
  // The ends of a stroke reach half its width beyond its points.
  const room = Math.max(0, style.extent * side - lineWidth);
  const scale = longer === 0 ? 1 : Math.min(room / longer, MOST_TIMES * side);
  const [middleX, middleY] = [style.centre[0] * width, style.centre[1] * height];
  const place = ([x, y]: Point): Point => [
    middleX + (x - (left + right) / 2) * scale,
    middleY + (y - (top + bottom) / 2) * scale,
  ];
  return { strokes: drawn.map(stroke => stroke.map(place)), lineWidth };
}

const boundsOf = (values: readonly number[]): readonly [number, number] =>
  values.length === 0 ? [0, 0] : [Math.min(...values), Math.max(...values)];
