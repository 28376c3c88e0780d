import { madd, zero } from './vector';

/** Pixels of a tile: their sums, their inputs and a weight are all that the registers hold. */
const PIXELS = 6;

/**
 * Convolution in groups of four outputs: six pixels × 4 outputs at a time. Arguments as those of `convolve`, whose tiles
 * would be half empty and whose runs too short.
 * @param columns at least six; the last tile of a row overlaps the one before
 * @param channels of a group
 * @param from, to work items: rows of the output, images × rows
 */
export function groupedConvolve(
  x: usize, w: usize, y: usize, rows: i32, columns: i32,
  xImage: i32, xRow: i32, xColumn: i32, xTapRow: i32, tapRows: i32, runs: i32, runStep: i32, channels: i32,
  yImage: i32, yRow: i32, yColumn: i32, groups: i32,
  from: i32, to: i32,
): void {
  const bytesOfGroup = tapRows * runs * channels * 16;
  for (let line = from; line < to; line++) {
    const xLine = x + line / rows * xImage + line % rows * xRow, yLine = y + line / rows * yImage + line % rows * yRow;
    for (let start = 0; start < columns; start += PIXELS) {
      const column = min(start, columns - PIXELS);
      const xStart = xLine + column * xColumn, yStart = yLine + column * yColumn;
      for (let group = 0; group < groups; group++) {
        convolveSix(
          xStart + group * channels * 4, xColumn, w + group * bytesOfGroup, yStart + group * 16, yColumn,
          tapRows, xTapRow, runs, runStep, channels,
        );
      }
    }
  }
}

/**
 * Six pixels × 4 outputs. Exported from the module too: see index.ts.
 * @param xStep, yStep bytes between pixels
 */
export function convolveSix(
  x: usize, xStep: i32, w: usize, y: usize, yStep: i32,
  tapRows: i32, xTapRow: i32, runs: i32, runStep: i32, channels: i32,
): void {
  let a = zero(), b = zero(), c = zero(), d = zero(), e = zero(), f = zero();
  for (let tapRow = 0; tapRow < tapRows; tapRow++, x += xTapRow) {
    for (let run = 0, p = x; run < runs; run++, p += runStep) {
      let q: usize = p, r: usize = q + 2 * xStep, s: usize = r + 2 * xStep;
      for (const end: usize = p + channels * 4; q < end; q += 4, r += 4, s += 4, w += 16) {
        const weights = v128.load(w);
        a = madd(v128.load32_splat(q), weights, a); b = madd(v128.load32_splat(q + xStep), weights, b);
        c = madd(v128.load32_splat(r), weights, c); d = madd(v128.load32_splat(r + xStep), weights, d);
        e = madd(v128.load32_splat(s), weights, e); f = madd(v128.load32_splat(s + xStep), weights, f);
      }
    }
  }
  v128.store(y, a); y += yStep; v128.store(y, b); y += yStep; v128.store(y, c); y += yStep;
  v128.store(y, d); y += yStep; v128.store(y, e); y += yStep; v128.store(y, f);
}

/**
 * Gradient of a filter in groups, three columns wide, channels of a group in fours: for each tap row, four channels and 4
 * outputs of a group the sums of the three taps, in registers. Rows of pixels come in chunks that stay in the nearest
 * cache for all work items; between chunks the sums rest in dw.
 * @param dw [tapRows, 3, channels, groups × outputs]; @param chunkRows rows of the output in a chunk
 * @param from, to work items: tapRows × groups × channels / 4 × outputs / 4
 */
export function groupedFilterGradient(
  x: usize, dy: usize, dw: usize, images: i32, rows: i32, columns: i32, chunkRows: i32,
  xImage: i32, xRow: i32, xColumn: i32, xTapRow: i32, xTap: i32, channels: i32, groups: i32, outputs: i32,
  from: i32, to: i32,
): void {
  const pixel = groups * outputs * 4;
  const blocks = channels >> 2, panels = outputs >> 2;
  for (let start = 0; start < images * rows; start += chunkRows) {
    const count = min(chunkRows, images * rows - start);
    for (let item = from; item < to; item++) {
      const panel = item % panels, block = item / panels % blocks;
      const group = item / panels / blocks % groups, tapRow = item / panels / blocks / groups;
      const output = (group * outputs + panel * 4) * 4;
      const tap = channels * pixel;
      const into = dw + 3 * tapRow * tap + block * 4 * pixel + output;
      const from = x + tapRow * xTapRow + (group * channels + block * 4) * 4;
      addTaps(
        from, dy + start * columns * pixel + output, into, tap, pixel, start, count, rows, columns,
        xImage, xRow, xColumn, xTap,
      );
    }
  }
}

/** Three taps × four channels × 4 outputs over `count` rows from row `start` on. Exported from the module too. */
export function addTaps(
  x: usize, dy: usize, dw: usize, tap: i32, pixel: i32, start: i32, count: i32, rows: i32, columns: i32,
  xImage: i32, xRow: i32, xColumn: i32, xTap: i32,
): void {
  let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero();
  let b0 = zero(), b1 = zero(), b2 = zero(), b3 = zero();
  let c0 = zero(), c1 = zero(), c2 = zero(), c3 = zero();
  for (let line = start; line < start + count; line++) {
    let p: usize = x + line / rows * xImage + line % rows * xRow;
    for (const end: usize = dy + columns * pixel; dy < end; dy += pixel, p += xColumn) {
      const g = v128.load(dy);
      const u = v128.load(p), v = v128.load(p + xTap), w = v128.load(p + 2 * xTap);
      a0 = madd(lane(u, 0), g, a0); a1 = madd(lane(u, 1), g, a1); a2 = madd(lane(u, 2), g, a2); a3 = madd(lane(u, 3), g, a3);
      b0 = madd(lane(v, 0), g, b0); b1 = madd(lane(v, 1), g, b1); b2 = madd(lane(v, 2), g, b2); b3 = madd(lane(v, 3), g, b3);
      c0 = madd(lane(w, 0), g, c0); c1 = madd(lane(w, 1), g, c1); c2 = madd(lane(w, 2), g, c2); c3 = madd(lane(w, 3), g, c3);
    }
  }
  const isFirst = start == 0;
  putFour(dw, pixel, a0, a1, a2, a3, isFirst);
  putFour(dw + tap, pixel, b0, b1, b2, b3, isFirst);
  putFour(dw + 2 * tap, pixel, c0, c1, c2, c3, isFirst);
}

@inline
function lane(x: v128, i: i32): v128 {
  if (i == 0) return v128.shuffle<f32>(x, x, 0, 0, 0, 0);
  if (i == 1) return v128.shuffle<f32>(x, x, 1, 1, 1, 1);
  if (i == 2) return v128.shuffle<f32>(x, x, 2, 2, 2, 2);
  return v128.shuffle<f32>(x, x, 3, 3, 3, 3);
}

@inline
function putFour(at: usize, step: i32, a: v128, b: v128, c: v128, d: v128, isFirst: bool): void {
  put(at, a, isFirst); put(at + step, b, isFirst); put(at + 2 * step, c, isFirst); put(at + 3 * step, d, isFirst);
}

@inline
function put(at: usize, sum: v128, isFirst: bool): void {
  v128.store(at, isFirst ? sum : f32x4.add(sum, v128.load(at)));
}
