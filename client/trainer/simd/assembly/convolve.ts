import { groupBytes } from './pack-weights';
import { loadLanes, madd, storeLanes, zero } from './vector';

/** Pixels whose inputs stay in the first-level cache while all panels of weights pass over them. */
const CHUNK = 64;

/**
 * Convolution without edges (see `padImages`), and every matrix product that keeps its left side's rows: four
 * neighbouring output pixels × one panel of 8 output channels at a time, all sums in registers. An output pixel (n, row,
 * column) reads, for each tap row, `runs` runs of contiguous floats starting at
 * x + n × xImage + row × xRow + column × xColumn + tapRow × xTapRow + run × runStep. Without groups the taps of a row are
 * one run (columns × channels); with groups each tap is one.
 * @param w packed by `packWeights`; @param bias one float an output channel, or 0 for none
 * @param isRelu 1: outputs below zero are zero
 * @param groupStep bytes of input between groups; @param outputs output channels a group
 * @param yImage, yRow, yColumn bytes between output images, rows and columns
 * @param from, to work items: blocks of four pixels of the whole batch; the last block may be short
 */
export function convolve(
  x: usize, w: usize, bias: usize, y: usize, isRelu: i32,
  pixels: i32, rows: i32, columns: i32,
  xImage: i32, xRow: i32, xColumn: i32, xTapRow: i32,
  tapRows: i32, runs: i32, runStep: i32, runLength: i32,
  yImage: i32, yRow: i32, yColumn: i32,
  groups: i32, groupStep: i32, outputs: i32,
  from: i32, to: i32,
): void {
  const panels = (outputs + 7) >> 3;
  const depth = tapRows * runs * runLength;
  const bytesOfGroup = groupBytes(depth, outputs);
  const isMatrix = groups == 1 && tapRows * runs == 1 && columns == pixels;
  const last = min(to * 4, pixels);
  for (let start = from * 4; start < last; start += CHUNK) {
    const end = min(start + CHUNK, last);
    for (let group = 0; group < groups; group++) {
      for (let panel = 0; panel < panels; panel++) {
        let rest = start;
        const channel = (group * outputs + panel * 8) * 4;
        if (isMatrix && outputs - panel * 8 >= 8) {
          const full = (end - start) >> 2;
          multiplyRows(
            x + start * xColumn, xColumn, w + panel * depth * 32, bias ? bias + channel : 0,
            y + channel + start * yColumn, yColumn, full, depth, isRelu ? <f32>0 : -Infinity,
          );
          rest = start + full * 4;
        }
        convolvePanel(
          x + group * groupStep, w + group * bytesOfGroup + panel * depth * 32, bias ? bias + channel : 0, y + channel,
          outputs - panel * 8, isRelu, rest, end, rows, columns, xImage, xRow, xColumn, xTapRow,
          tapRows, runs, runStep, runLength, yImage, yRow, yColumn,
        );
      }
    }
  }
}

/**
 * Quads of neighbouring rows of a matrix × 8 outputs, the sums as in `tile8`: most products of 1 × 1 convolutions, without
 * a call for each. Exported from the module too: see index.ts.
 * @param lowest what is below becomes this
 */
export function multiplyRows(
  x: usize, xStep: i32, w: usize, bias: usize, y: usize, yStep: i32, quads: i32, depth: i32, lowest: f32,
): void {
  const floor = f32x4.splat(lowest);
  for (; quads > 0; quads--) {
    let a0 = zero(), a1 = zero();
    if (bias) { a0 = v128.load(bias); a1 = v128.load(bias, 16); }
    let b0 = a0, b1 = a1, c0 = a0, c1 = a1, d0 = a0, d1 = a1;
    let p0 = x, p1 = p0 + xStep, p2 = p1 + xStep, p3 = p2 + xStep, at = w;
    for (const end: usize = p0 + depth * 4; p0 < end; p0 += 4, p1 += 4, p2 += 4, p3 += 4, at += 32) {
      const w0 = v128.load(at), w1 = v128.load(at, 16);
      let s = v128.load32_splat(p0); a0 = madd(s, w0, a0); a1 = madd(s, w1, a1);
      s = v128.load32_splat(p1); b0 = madd(s, w0, b0); b1 = madd(s, w1, b1);
      s = v128.load32_splat(p2); c0 = madd(s, w0, c0); c1 = madd(s, w1, c1);
      s = v128.load32_splat(p3); d0 = madd(s, w0, d0); d1 = madd(s, w1, d1);
    }
    v128.store(y, f32x4.pmax(a0, floor)); v128.store(y, f32x4.pmax(a1, floor), 16); y += yStep;
    v128.store(y, f32x4.pmax(b0, floor)); v128.store(y, f32x4.pmax(b1, floor), 16); y += yStep;
    v128.store(y, f32x4.pmax(c0, floor)); v128.store(y, f32x4.pmax(c1, floor), 16); y += yStep;
    v128.store(y, f32x4.pmax(d0, floor)); v128.store(y, f32x4.pmax(d1, floor), 16); y += yStep;
    x += 4 * xStep;
  }
}

/** The pixels [start, end) of one panel, of which `valid` channels are to be stored. */
function convolvePanel(
  x: usize, w: usize, bias: usize, y: usize, valid: i32, isRelu: i32,
  start: i32, end: i32, rows: i32, columns: i32, xImage: i32, xRow: i32, xColumn: i32, xTapRow: i32,
  tapRows: i32, runs: i32, runStep: i32, runLength: i32, yImage: i32, yRow: i32, yColumn: i32,
): void {
  const toNextXImage = xImage - rows * xRow, toNextYImage = yImage - rows * yRow;
  let column = start % columns;
  let row = (start / columns) % rows;
  const image = start / columns / rows;
  // Where the present row starts.
  let xLine = x + image * xImage + row * xRow, yLine = y + image * yImage + row * yRow;
  for (let pixel = start; pixel < end; pixel += 4) {
    const x0 = xLine + column * xColumn, y0 = yLine + column * yColumn;
    let x1: usize = 0, x2: usize = 0, x3: usize = 0, y1: usize = 0, y2: usize = 0, y3: usize = 0;
    if (column + 4 <= columns) {
      x1 = x0 + xColumn; x2 = x1 + xColumn; x3 = x2 + xColumn;
      y1 = y0 + yColumn; y2 = y1 + yColumn; y3 = y2 + yColumn;
      column += 4;
      if (column == columns) {
        column = 0; xLine += xRow; yLine += yRow;
        if (++row == rows) { row = 0; xLine += toNextXImage; yLine += toNextYImage; }
      }
    } else {
      for (let i = 1; i <= 4; i++) {
        // Pixels beyond the end repeat the last one: computed again, written again.
        if (i < end - pixel && ++column == columns) {
          column = 0; xLine += xRow; yLine += yRow;
          if (++row == rows) { row = 0; xLine += toNextXImage; yLine += toNextYImage; }
        }
        const xi = xLine + column * xColumn, yi = yLine + column * yColumn;
        if (i == 1) { x1 = xi; y1 = yi; }
        else if (i == 2) { x2 = xi; y2 = yi; }
        else if (i == 3) { x3 = xi; y3 = yi; }
      }
    }
    tile(x0, x1, x2, x3, w, y0, y1, y2, y3, tapRows, xTapRow, runs, runStep, runLength, bias, valid, isRelu);
  }
}

/** Four pixels × the up to 8 outputs of a panel. */
@inline
function tile(
  x0: usize, x1: usize, x2: usize, x3: usize, w: usize, y0: usize, y1: usize, y2: usize, y3: usize,
  tapRows: i32, xTapRow: i32, runs: i32, runStep: i32, runLength: i32, bias: usize, valid: i32, isRelu: i32,
): void {
  if (valid > 4) {
    tile8(x0, x1, x2, x3, w, y0, y1, y2, y3, tapRows, xTapRow, runs, runStep, runLength, bias, valid, isRelu);
  } else {
    tile4(x0, x1, x2, x3, w, y0, y1, y2, y3, tapRows, xTapRow, runs, runStep, runLength, bias, valid, isRelu);
  }
}

/** Four pixels × 8 outputs: eight sums, for each input channel two loads of weights and four of inputs. */
function tile8(
  x0: usize, x1: usize, x2: usize, x3: usize, w: usize, y0: usize, y1: usize, y2: usize, y3: usize,
  tapRows: i32, xTapRow: i32, runs: i32, runStep: i32, runLength: i32, bias: usize, valid: i32, isRelu: i32,
): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero(), c0 = zero(), c1 = zero(), d0 = zero(), d1 = zero();
  if (bias) {
    a0 = loadLanes(bias, valid); a1 = loadLanes(bias + 16, valid - 4);
    b0 = a0; b1 = a1; c0 = a0; c1 = a1; d0 = a0; d1 = a1;
  }
  for (let tapRow = 0; tapRow < tapRows; tapRow++) {
    for (let run = 0; run < runs; run++) {
      const offset = tapRow * xTapRow + run * runStep;
      let p0 = x0 + offset, p1 = x1 + offset, p2 = x2 + offset, p3 = x3 + offset;
      for (let left = runLength; left > 0; left--) {
        const w0 = v128.load(w), w1 = v128.load(w, 16);
        let s = v128.load32_splat(p0); a0 = madd(s, w0, a0); a1 = madd(s, w1, a1);
        s = v128.load32_splat(p1); b0 = madd(s, w0, b0); b1 = madd(s, w1, b1);
        s = v128.load32_splat(p2); c0 = madd(s, w0, c0); c1 = madd(s, w1, c1);
        s = v128.load32_splat(p3); d0 = madd(s, w0, d0); d1 = madd(s, w1, d1);
        w += 32; p0 += 4; p1 += 4; p2 += 4; p3 += 4;
      }
    }
  }
  if (isRelu) {
    const o = zero();
    a0 = f32x4.pmax(a0, o); a1 = f32x4.pmax(a1, o); b0 = f32x4.pmax(b0, o); b1 = f32x4.pmax(b1, o);
    c0 = f32x4.pmax(c0, o); c1 = f32x4.pmax(c1, o); d0 = f32x4.pmax(d0, o); d1 = f32x4.pmax(d1, o);
  }
  v128.store(y0, a0); v128.store(y1, b0); v128.store(y2, c0); v128.store(y3, d0);
  if (valid >= 8) {
    v128.store(y0, a1, 16); v128.store(y1, b1, 16); v128.store(y2, c1, 16); v128.store(y3, d1, 16);
  } else {
    storeLanes(y0 + 16, a1, valid - 4); storeLanes(y1 + 16, b1, valid - 4);
    storeLanes(y2 + 16, c1, valid - 4); storeLanes(y3 + 16, d1, valid - 4);
  }
}

/** Four pixels × 4 outputs, with sums of their own for every other input channel: as many independent sums as above. */
function tile4(
  x0: usize, x1: usize, x2: usize, x3: usize, w: usize, y0: usize, y1: usize, y2: usize, y3: usize,
  tapRows: i32, xTapRow: i32, runs: i32, runStep: i32, runLength: i32, bias: usize, valid: i32, isRelu: i32,
): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero(), c0 = zero(), c1 = zero(), d0 = zero(), d1 = zero();
  if (bias) {
    a0 = loadLanes(bias, valid);
    b0 = a0; c0 = a0; d0 = a0;
  }
  for (let tapRow = 0; tapRow < tapRows; tapRow++) {
    for (let run = 0; run < runs; run++) {
      const offset = tapRow * xTapRow + run * runStep;
      let p0 = x0 + offset, p1 = x1 + offset, p2 = x2 + offset, p3 = x3 + offset;
      for (let left = runLength; left >= 2; left -= 2) {
        const w0 = v128.load(w), w1 = v128.load(w, 16);
        a0 = madd(v128.load32_splat(p0), w0, a0); a1 = madd(v128.load32_splat(p0, 4), w1, a1);
        b0 = madd(v128.load32_splat(p1), w0, b0); b1 = madd(v128.load32_splat(p1, 4), w1, b1);
        c0 = madd(v128.load32_splat(p2), w0, c0); c1 = madd(v128.load32_splat(p2, 4), w1, c1);
        d0 = madd(v128.load32_splat(p3), w0, d0); d1 = madd(v128.load32_splat(p3, 4), w1, d1);
        w += 32; p0 += 8; p1 += 8; p2 += 8; p3 += 8;
      }
      if (runLength & 1) {
        const w0 = v128.load(w);
        a0 = madd(v128.load32_splat(p0), w0, a0); b0 = madd(v128.load32_splat(p1), w0, b0);
        c0 = madd(v128.load32_splat(p2), w0, c0); d0 = madd(v128.load32_splat(p3), w0, d0);
        w += 16;
      }
    }
  }
  a0 = f32x4.add(a0, a1); b0 = f32x4.add(b0, b1); c0 = f32x4.add(c0, c1); d0 = f32x4.add(d0, d1);
  if (isRelu) {
    const o = zero();
    a0 = f32x4.pmax(a0, o); b0 = f32x4.pmax(b0, o); c0 = f32x4.pmax(c0, o); d0 = f32x4.pmax(d0, o);
  }
  storeLanes(y0, a0, valid); storeLanes(y1, b0, valid); storeLanes(y2, c0, valid); storeLanes(y3, d0, valid);
}
