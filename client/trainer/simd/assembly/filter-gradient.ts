import { loadLanes, madd, storeLanes, zero } from './vector';

/** Work items whose sums, 128 bytes each, stay in the second-level cache while all pixels pass. */
const TILE = 2048;

/**
 * Gradient of a filter, and every matrix product that sums over the rows of both sides: for each four inputs k of a run
 * (see `convolve`) and each 8 outputs o, the sum over all output pixels of x[pixel + k] × dy[pixel + o], the 4 × 8 sums
 * in registers. Pixels come in chunks that stay in the second-level cache for a tile of work items; between chunks the
 * sums rest in dw.
 * @param dw laid out [tapRows, runs, runLength, groups × outputs]
 * @param rows, columns of the output, images × height and width
 * @param chunk pixels of a chunk
 * @param blockStep bytes between blocks of four inputs: 16, or a plane of `splitChannels`
 * @param dyPixel, panelStep bytes between output pixels, and between blocks of eight outputs: 32, or a plane
 * @param from, to work items: tapRows × runs × blocks of four inputs × groups × blocks of eight outputs
 */
export function filterGradient(
  x: usize, dy: usize, dw: usize,
  images: i32, rows: i32, columns: i32, chunk: i32,
  xImage: i32, xRow: i32, xColumn: i32, xTapRow: i32,
  runs: i32, runStep: i32, runLength: i32, blockStep: i32,
  dyPixel: i32, panelStep: i32, groups: i32, groupStep: i32, outputs: i32,
  from: i32, to: i32,
): void {
  const pixels = images * rows * columns;
  for (let first = from; first < to; first += TILE) {
    for (let start = 0; start < pixels; start += chunk) {
      addChunk(
        x, dy, dw, start, min(chunk, pixels - start), rows, columns, xImage, xRow, xColumn, xTapRow,
        runs, runStep, runLength, blockStep, dyPixel, panelStep, groups, groupStep, outputs,
        first, min(first + TILE, to),
      );
    }
  }
}

/** Adds what `count` pixels from `start` on give to the sums of the items [from, to). */
function addChunk(
  x: usize, dy: usize, dw: usize, start: i32, count: i32, rows: i32, columns: i32,
  xImage: i32, xRow: i32, xColumn: i32, xTapRow: i32, runs: i32, runStep: i32, runLength: i32, blockStep: i32,
  dyPixel: i32, panelStep: i32, groups: i32, groupStep: i32, outputs: i32, from: i32, to: i32,
): void {
  const panels = (outputs + 7) >> 3;
  const blocks = (runLength + 3) >> 2;
  const dwRow = groups * outputs * 4;
  const column = start % columns;
  const row = (start / columns) % rows;
  const image = start / columns / rows;
  const xStart = x + image * xImage + row * xRow + column * xColumn;
  const dyStart = dy + start * dyPixel;
  let panel = from % panels, rest = from / panels;
  let group = rest % groups; rest /= groups;
  let block = rest % blocks; rest /= blocks;
  let run = rest % runs, tapRow = rest / runs;
  for (let item = from; item < to; item++) {
    const output = group * outputs + panel * 8;
    const xFrom = xStart + tapRow * xTapRow + run * runStep + group * groupStep + block * blockStep;
    const dyFrom = dyStart + group * outputs * 4 + panel * panelStep;
    const into = dw + ((tapRow * runs + run) * runLength + block * 4) * dwRow + output * 4;
    const inputs = min(4, runLength - block * 4);
    addOuter(
      xFrom, dyFrom, into, inputs, outputs - panel * 8, start == 0, count, row, column, rows, columns,
      xImage, xRow, xColumn, dyPixel, dwRow,
    );
    if (++panel == panels) {
      panel = 0;
      if (++group == groups) {
        group = 0;
        if (++block == blocks) {
          block = 0;
          if (++run == runs) { run = 0; tapRow++; }
        }
      }
    }
  }
}

/** Four inputs × the up to eight outputs of a panel. */
@inline
function addOuter(
  x: usize, dy: usize, dw: usize, inputs: i32, valid: i32, isFirst: bool, count: i32,
  row: i32, column: i32, rows: i32, columns: i32,
  xImage: i32, xRow: i32, xColumn: i32, dyPixel: i32, dwRow: i32,
): void {
  if (valid > 4) {
    outer8(
      x, dy, dw, inputs, valid, isFirst, count, row, column, rows, columns, xImage, xRow, xColumn, dyPixel, dwRow,
    );
  } else {
    outer4(
      x, dy, dw, inputs, valid, isFirst, count, row, column, rows, columns, xImage, xRow, xColumn, dyPixel, dwRow,
    );
  }
}

/** Four inputs × eight outputs over `count` pixels. Inputs past the run are read (never past the heap) but not stored. */
function outer8(
  x: usize, dy: usize, dw: usize, inputs: i32, valid: i32, isFirst: bool, count: i32,
  row: i32, column: i32, rows: i32, columns: i32,
  xImage: i32, xRow: i32, xColumn: i32, dyPixel: i32, dwRow: i32,
): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero(), c0 = zero(), c1 = zero(), d0 = zero(), d1 = zero();
  const toNextRow = xRow - columns * xColumn;
  const toNextImage = xImage - rows * xRow;
  while (count > 0) {
    const length = min(columns - column, count);
    for (let left = length; left > 0; left--) {
      const g0 = v128.load(dy), g1 = v128.load(dy, 16);
      let s = v128.load32_splat(x); a0 = madd(s, g0, a0); a1 = madd(s, g1, a1);
      s = v128.load32_splat(x, 4); b0 = madd(s, g0, b0); b1 = madd(s, g1, b1);
      s = v128.load32_splat(x, 8); c0 = madd(s, g0, c0); c1 = madd(s, g1, c1);
      s = v128.load32_splat(x, 12); d0 = madd(s, g0, d0); d1 = madd(s, g1, d1);
      x += xColumn; dy += dyPixel;
    }
    count -= length;
    column = 0;
    x += toNextRow;
    if (++row == rows) { row = 0; x += toNextImage; }
  }
  const over = valid - 4;
  store8(dw, a0, a1, over, isFirst);
  if (inputs > 1) store8(dw + dwRow, b0, b1, over, isFirst);
  if (inputs > 2) store8(dw + 2 * dwRow, c0, c1, over, isFirst);
  if (inputs > 3) store8(dw + 3 * dwRow, d0, d1, over, isFirst);
}

/** Four inputs × four outputs, with sums of their own for every other pixel. */
function outer4(
  x: usize, dy: usize, dw: usize, inputs: i32, valid: i32, isFirst: bool, count: i32,
  row: i32, column: i32, rows: i32, columns: i32,
  xImage: i32, xRow: i32, xColumn: i32, dyPixel: i32, dwRow: i32,
): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero(), c0 = zero(), c1 = zero(), d0 = zero(), d1 = zero();
  const toNextRow = xRow - columns * xColumn;
  const toNextImage = xImage - rows * xRow;
  while (count > 0) {
    const length = min(columns - column, count);
    for (let left = length >> 1; left > 0; left--) {
      const g0 = v128.load(dy), g1 = v128.load(dy + dyPixel), next = x + xColumn;
      a0 = madd(v128.load32_splat(x), g0, a0); a1 = madd(v128.load32_splat(next), g1, a1);
      b0 = madd(v128.load32_splat(x, 4), g0, b0); b1 = madd(v128.load32_splat(next, 4), g1, b1);
      c0 = madd(v128.load32_splat(x, 8), g0, c0); c1 = madd(v128.load32_splat(next, 8), g1, c1);
      d0 = madd(v128.load32_splat(x, 12), g0, d0); d1 = madd(v128.load32_splat(next, 12), g1, d1);
      x = next + xColumn; dy += 2 * dyPixel;
    }
    if (length & 1) {
      const g0 = v128.load(dy);
      a0 = madd(v128.load32_splat(x), g0, a0); b0 = madd(v128.load32_splat(x, 4), g0, b0);
      c0 = madd(v128.load32_splat(x, 8), g0, c0); d0 = madd(v128.load32_splat(x, 12), g0, d0);
      x += xColumn; dy += dyPixel;
    }
    count -= length;
    column = 0;
    x += toNextRow;
    if (++row == rows) { row = 0; x += toNextImage; }
  }
  store4(dw, f32x4.add(a0, a1), valid, isFirst);
  if (inputs > 1) store4(dw + dwRow, f32x4.add(b0, b1), valid, isFirst);
  if (inputs > 2) store4(dw + 2 * dwRow, f32x4.add(c0, c1), valid, isFirst);
  if (inputs > 3) store4(dw + 3 * dwRow, f32x4.add(d0, d1), valid, isFirst);
}

@inline
function store4(at: usize, sum: v128, lanes: i32, isFirst: bool): void {
  storeLanes(at, isFirst ? sum : f32x4.add(sum, loadLanes(at, lanes)), lanes);
}

function store8(at: usize, low: v128, high: v128, highLanes: i32, isFirst: bool): void {
  store4(at, low, 4, isFirst);
  store4(at + 16, high, highLanes, isFirst);
}
