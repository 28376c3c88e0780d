import { addProducts } from './outer-products';
import { planeBytes, positionBytes } from './winograd';

/**
 * Gradient of a 1 × 1 filter, and every product that sums over the rows of both sides: blocks of pixels are laid out in
 * planes of four channels, in which a few channels of all pixels lie side by side, and multiplied there.
 * @param rows, columns of the output, images × height and width; @param xImage, xRow, xColumn bytes
 * @param dw [channels, outputs]; @param channels, outputs multiples of four
 * @param block pixels that are laid out at a time
 * @param scratch `slot` bytes for each work item: a block of both sides. A range of items uses the slot of its first.
 * @param parts, from, to work items: parts of the channels
 */
export function pointwiseGradient(
  x: usize, dy: usize, dw: usize, pixels: i32, rows: i32, columns: i32, xImage: i32, xRow: i32, xColumn: i32,
  channels: i32, outputs: i32, block: i32, scratch: usize, slot: i32, parts: i32,
  from: i32, to: i32,
): void {
  const v: usize = scratch + from * slot, plane = planeBytes(block);
  const u: usize = v + positionBytes(block, channels);
  const first = (channels >> 2) * from / parts * 4, end = (channels >> 2) * to / parts * 4;
  for (let start = 0; start < pixels; start += block) {
    const count = min(block, pixels - start);
    for (let done = 0; done < count; ) {
      const column = (start + done) % columns, line = (start + done) / columns;
      const length = min(columns - column, count - done);
      const at = x + line / rows * xImage + line % rows * xRow + column * xColumn + first * 4;
      layInPlanes(at, v + done * 16, length, xColumn, end - first, plane);
      done += length;
    }
    layInPlanes(dy + start * outputs * 4, u, count, outputs * 4, outputs, plane);
    addProducts(v, u, dw + first * outputs * 4, count, end - first, outputs, plane, start == 0);
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
