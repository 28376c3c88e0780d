/**
 * How the ten digits are written. Each digit has the ways in which people write it, and a way is a list of strokes.
 * Points are `x,y` in percent of a box, x to the right and y down, as in an SVG `points` attribute.
 */

/** x and y alternating, in units of the box (0–1). */
export type Stroke = Float64Array;
export type Glyph = readonly Stroke[];

/** Straight pieces of a smooth curve between two points: in a box of 20 pixels a piece is 1 to 2 pixels long. */
const PIECES = 4;

const line = (points: string): Stroke =>
  Float64Array.from(points.split(/[ ,]/), percent => Number(percent) / 100);
const curve = (points: string): Stroke => catmullRom(line(points));

/** `glyphShapes[digit]` are its variants. */
export const glyphShapes: readonly (readonly Glyph[])[] = [
  [
    [curve('52,0 25,14 16,50 26,88 50,100 74,88 84,50 75,14 48,1')],
    [curve('62,3 38,6 26,34 28,72 44,99 66,90 76,58 72,20 54,2')],
  ],
  [[line('52,0 48,100')], [line('28,24 54,0 54,100')], [line('30,20 52,0 52,100'), line('28,100 78,100')]],
  [
    [curve('18,26 32,5 60,2 78,22 70,48 42,78 18,98'), line('18,98 86,97')],
    [curve('22,22 44,1 72,12 70,42 40,80 22,96 20,84 36,82 58,96 86,92')],
  ],
  [
    [curve('20,12 48,0 75,16 66,40 40,48'), curve('40,48 74,56 80,80 52,100 16,88')],
    [line('20,3 78,3 44,42'), curve('44,42 76,52 78,82 48,100 18,88')],
  ],
  [
    [line('30,4 16,58 86,56'), line('66,26 60,100')],
    [line('64,0 12,66 90,66'), line('65,0 65,100')],
  ],
  [
    [line('80,3 30,4 25,42'), curve('25,42 56,36 80,58 70,90 42,100 16,90')],
    [line('76,2 38,5'), curve('38,5 28,26 32,42 58,50 74,70 58,96 20,94')],
  ],
  [
    [curve('70,2 40,24 22,60 30,92 54,100 78,84 72,60 48,52 26,68')],
    [curve('48,0 30,34 24,74 42,99 70,94 74,70 52,60 28,76')],
  ],
  [[line('14,4 84,4 42,100')], [line('16,6 82,3 46,100'), line('34,50 76,48')]],
  [
    [curve('74,16 50,0 26,18 46,44 76,66 74,92 48,100 22,86 28,64 58,44 76,22 72,12')],
    [curve('50,46 28,28 38,4 62,4 72,26 50,46'), curve('50,46 22,66 30,94 68,96 78,68 50,46')],
  ],
  [
    [curve('76,20 52,1 26,18 30,42 54,50 75,28'), line('76,20 72,60 62,100')],
    [curve('74,18 48,2 24,22 36,48 62,44 75,20 76,58 62,92 30,96')],
  ],
];

/** A curve through all its points (Catmull and Rom 1974), end points repeated. */
function catmullRom(points: Stroke): Stroke {
  const last = points.length / 2 - 1;
  const at = (i: number, axis: number): number => points[Math.min(Math.max(i, 0), last) * 2 + axis] as number;
  const result: number[] = [];
  for (let i = 0; i < last; i++)
    for (let piece = 0; piece < PIECES; piece++)
      for (let axis = 0; axis < 2; axis++)
        result.push(spline(at(i - 1, axis), at(i, axis), at(i + 1, axis), at(i + 2, axis), piece / PIECES));
  return Float64Array.from([...result, at(last, 0), at(last, 1)]);
}

function spline(p0: number, p1: number, p2: number, p3: number, t: number): number {
  const square = t * (2 * p0 - 5 * p1 + 4 * p2 - p3);
  const cube = t * t * (3 * p1 - p0 - 3 * p2 + p3);
  return p1 + 0.5 * t * (p2 - p0 + square + cube);
}
