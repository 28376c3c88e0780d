/**
 * A small grey picture and a round pen. It takes only + - * /, square roots and comparisons. ECMAScript and IEEE 754
 * define these to the last bit, so every platform draws the same bytes.
 */

/** Ink at each pixel, 0–1, row by row. */
export interface Canvas {
  readonly height: number;
  readonly width: number;
  readonly ink: Float64Array;
}

export interface Pen {
  /** In pixels. */
  readonly radius: number;
  /** How dark, 0–1. */
  readonly ink: number;
}

export const createCanvas = (height: number, width: number): Canvas => ({
  height,
  width,
  ink: new Float64Array(height * width),
});

/** Draws the polyline `points` (x and y alternating, pixels; pixel centres lie at whole numbers). */
export function drawStroke(canvas: Canvas, points: Float64Array, pen: Pen): void {
  for (let i = 0; i + 3 < points.length; i += 2)
    drawSegment(
      canvas,
      points[i] as number,
      points[i + 1] as number,
      points[i + 2] as number,
      points[i + 3] as number,
      pen,
    );
}

/**
 * Ink falls from full to none over one pixel around the pen's rim, which is a cheap anti-aliasing. Only the bounding
 * box of the line is visited; so thousands of pictures a second are possible. Where lines overlap the darker one
 * counts.
 */
function drawSegment(canvas: Canvas, x0: number, y0: number, x1: number, y1: number, pen: Pen): void {
  const { ink, width, height } = canvas;
  const reach = pen.radius + 0.5;
  const left = Math.max(0, Math.ceil(Math.min(x0, x1) - reach));
  const right = Math.min(width - 1, Math.floor(Math.max(x0, x1) + reach));
  const top = Math.max(0, Math.ceil(Math.min(y0, y1) - reach));
  const bottom = Math.min(height - 1, Math.floor(Math.max(y0, y1) + reach));
  const dx = x1 - x0;
  const dy = y1 - y0;
  const perLength = 1 / Math.max(dx * dx + dy * dy, 1e-9);
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const along = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) * perLength));
      const ex = x - x0 - along * dx;
      const ey = y - y0 - along * dy;
      const square = ex * ex + ey * ey;
      if (square >= reach * reach) continue;
      const value = pen.ink * Math.min(1, reach - Math.sqrt(square));
      if (value > (ink[y * width + x] as number)) ink[y * width + x] = value;
    }
  }
}
