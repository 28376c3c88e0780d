import { loadLanes, storeLanes, zero } from './vector';

/** Rows added up before their sum joins the total: keeps the rounding of long sums small. */
const ROWS = 128;

/**
 * y [outer, inner] = scale × the sums of x [outer, reduced, inner] over its middle axis: bias gradients and global
 * average pooling.
 * @param from, to work items: outer × blocks of eight columns
 */
export function sumMiddle(
  x: usize, y: usize, reduced: i32, inner: i32, scale: f32, from: i32, to: i32,
): void {
  const blocks = (inner + 7) >> 3;
  const row = inner * 4;
  const factor = f32x4.splat(scale);
  for (let item = from; item < to; item++) {
    const column = (item % blocks) * 8;
    const valid = inner - column;
    let read = x + (item / blocks) * reduced * row + column * 4;
    const write = y + (item / blocks) * row + column * 4;
    let total0 = zero(), total1 = zero();
    for (let start = 0; start < reduced; start += ROWS) {
      let a0 = zero(), a1 = zero();
      const count = min(ROWS, reduced - start);
      if (valid >= 8) {
        for (let i = 0; i < count; i++, read += row) {
          a0 = f32x4.add(a0, v128.load(read));
          a1 = f32x4.add(a1, v128.load(read, 16));
        }
      } else {
        for (let i = 0; i < count; i++, read += row) {
          a0 = f32x4.add(a0, loadLanes(read, valid));
          a1 = f32x4.add(a1, loadLanes(read + 16, valid - 4));
        }
      }
      total0 = f32x4.add(total0, a0);
      total1 = f32x4.add(total1, a1);
    }
    storeLanes(write, f32x4.mul(total0, factor), valid);
    storeLanes(write + 16, f32x4.mul(total1, factor), valid - 4);
  }
}
