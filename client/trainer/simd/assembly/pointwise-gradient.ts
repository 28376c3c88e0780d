import { addProducts } from './outer-products';
import { planeBytes, positionBytes } from './winograd';

/**
 * Gradient of a 1 × 1 filter, and every product that sums over the rows of both sides. A block of pixels with few
 * channels lies in the nearest cache and is multiplied as it is. With many channels it is first laid out in planes of
 * four, in which a few channels of all pixels lie side by side.
 * @param rows, columns of the output, images × height and width; @param xImage, xRow, xColumn bytes
 * @param dw [channels, outputs]; @param channels, outputs multiples of four
 * @param block pixels of a block
 * @param scratch `slot` bytes for each work item: a block of both sides in planes; a range of items uses the slot of its
 * first. 0: as it is; the pixels of x must then be one long row.
 * @param parts, from, to work items: parts of the channels
 */
export function pointwiseGradient(
  x: usize, dy: usize, dw: usize, pixels: i32, rows: i32, columns: i32, xImage: i32, xRow: i32, xColumn: i32,
  channels: i32, outputs: i32, block: i32, scratch: usize, slot: i32, parts: i32,
  from: i32, to: i32,
): void {
  const first = (channels >> 2) * from / parts * 4, end = (channels >> 2) * to / parts * 4;
  const v: usize = scratch + from * slot, plane = planeBytes(block);
  const u: usize = v + positionBytes(block, channels);
  const sums = dw + first * outputs * 4;
  for (let start = 0; start < pixels; start += block) {
    const count = min(block, pixels - start);
    const dyStart = dy + start * outputs * 4;
    if (!scratch) {
      const xStart = x + start * xColumn + first * 4;
      addProducts(xStart, xColumn, 16, dyStart, outputs * 4, 16, sums, count, end - first, outputs, start == 0);
    } else {
      layRows(x + first * 4, v, start, count, rows, columns, xImage, xRow, xColumn, end - first, plane);
      layInPlanes(dyStart, u, count, outputs * 4, outputs, plane);
      addProducts(v, 16, plane, u, 16, plane, sums, count, end - first, outputs, start == 0);
    }
  }
}

/** The pixels [start, start + count), row by row. */
@inline
function layRows(
  x: usize, to: usize, start: i32, count: i32, rows: i32, columns: i32, xImage: i32, xRow: i32, xColumn: i32,
  channels: i32, plane: i32,
): void {
  while (count > 0) {
    const column = start % columns, line = start / columns;
    const length = min(columns - column, count);
    const at = x + line / rows * xImage + line % rows * xRow + column * xColumn;
    layInPlanes(at, to, length, xColumn, channels, plane);
    to += length * 16;
    start += length;
    count -= length;
  }
}

/** 16 channels, a cache line, at a time. Exported from the module too: see index.ts. */
export function layInPlanes(from: usize, to: usize, count: i32, step: i32, channels: i32, plane: i32): void {
  for (; channels >= 16; channels -= 16, from += 64, to += 4 * plane) {
    let a: usize = to, b: usize = a + plane, c: usize = b + plane, d: usize = c + plane, read: usize = from;
    for (const end: usize = to + count * 16; a < end; a += 16, b += 16, c += 16, d += 16, read += step) {
      v128.store(a, v128.load(read)); v128.store(b, v128.load(read, 16));
      v128.store(c, v128.load(read, 32)); v128.store(d, v128.load(read, 48));
    }
  }
  for (; channels > 0; channels -= 4, from += 16, to += plane) {
    let read: usize = from, write: usize = to;
    for (const end: usize = to + count * 16; write < end; write += 16, read += step) v128.store(write, v128.load(read));
  }
}
