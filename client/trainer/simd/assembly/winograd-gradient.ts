import { addProducts } from './outer-products';
import { madd } from './vector';
import { planeBytes, positionBytes, tileStart, transformRow } from './winograd';

/**
 * Gradient of a 3 × 3 filter of stride 1 by Winograd's tiles: for each position, channel and output the sum over all
 * tiles of (Bᵀ x B) × (A dy Aᵀ). `winogradFilterEnd` makes the filter's gradient of the sums.
 * @param x, dy images with zeros around them, so that every tile lies inside
 * @param sums [16, channels, outputs]; @param channels, outputs multiples of four
 * @param block tiles that are transformed at a time
 * @param scratch `slot` bytes for each work item: four positions of `block` inputs and gradients. A range of items uses
 * the slot of its first.
 * @param from, to work items: the four rows of positions × quarters of the channels
 */
export function winogradGradient(
  x: usize, dy: usize, sums: usize,
  tiles: i32, tileRows: i32, tileColumns: i32, xImage: i32, xRow: i32, channels: i32,
  dyImage: i32, dyRow: i32, outputs: i32, block: i32, scratch: usize, slot: i32,
  from: i32, to: i32,
): void {
  const v: usize = scratch + from * slot;
  const plane = planeBytes(block);
  const vStep = positionBytes(block, channels), uStep = positionBytes(block, outputs);
  const u: usize = v + 4 * vStep;
  const size = channels * outputs * 4;
  for (let row = from >> 2; row * 4 < to; row++) {
    const first = firstChannel(max(from - row * 4, 0), channels), end = firstChannel(min(to - row * 4, 4), channels);
    for (let start = 0; start < tiles; start += block) {
      const count = min(block, tiles - start);
      for (let i = 0; i < count; i++) {
        const at = x + tileStart(start + i, tileRows, tileColumns, xImage, xRow, channels * 4) + first * 4;
        const dyAt = dy + tileStart(start + i, tileRows, tileColumns, dyImage, dyRow, outputs * 4);
        transformRow(at, v + i * 16, row, (end - first) * 4, xRow, channels * 4, plane, vStep);
        transformGradients(dyAt, u + i * 16, row, outputs, dyRow, plane, uStep);
      }
      for (let column = 0; column < 4; column++) {
        addProducts(
          v + column * vStep, 16, plane, u + column * uStep, 16, plane,
          sums + (row * 4 + column) * size + first * outputs * 4, count, end - first, outputs, start == 0,
        );
      }
    }
  }
}

/** Where a quarter of the channels begins. */
@inline
function firstChannel(quarter: i32, channels: i32): i32 {
  return ((channels >> 2) * quarter >> 2) << 2;
}

/** Row `row` of A dy Aᵀ, its four positions, for one tile. */
@inline
function transformGradients(
  dy: usize, u: usize, row: i32, outputs: i32, dyRow: i32, plane: i32, position: i32,
): void {
  const one = row == 3 ? dy + dyRow : dy;
  transformGradientLine(one, dyRow, row == 1 ? 1 : row == 2 ? -1 : 0, u, outputs * 4, plane, position);
}

/** With the lower row times `sign`, and one row only if it is 0. Exported from the module too: see index.ts. */
export function transformGradientLine(
  dy: usize, dyRow: i32, sign: f32, u: usize, bytes: i32, plane: i32, position: i32,
): void {
  const s = f32x4.splat(sign);
  let second = u + position, third = second + position, fourth = third + position;
  for (const end = dy + bytes; dy < end; dy += 16) {
    let t0 = v128.load(dy), t1 = v128.load(dy + bytes);
    if (sign != 0) {
      t0 = madd(s, v128.load(dy + dyRow), t0);
      t1 = madd(s, v128.load(dy + dyRow + bytes), t1);
    }
    v128.store(u, t0);
    v128.store(second, f32x4.add(t0, t1));
    v128.store(third, f32x4.sub(t0, t1));
    v128.store(fourth, t1);
    u += plane;
    second += plane; third += plane; fourth += plane;
  }
}

/**
 * dw [3, 3, channels × outputs] = Gᵀ s G of the sums [16, channels × outputs].
 * @param size channels × outputs, a multiple of four
 * @param from, to work items: blocks of four
 */
export function winogradFilterEnd(sums: usize, dw: usize, size: i32, from: i32, to: i32): void {
  const half = f32x4.splat(0.5);
  const step = size * 4;
  for (let item = from; item < to; item++) {
    const at: usize = sums + item * 16;
    for (let tapRow = 0; tapRow < 3; tapRow++) {
      const t0 = joinPositions(at, tapRow, step), t1 = joinPositions(at + step, tapRow, step);
      const t2 = joinPositions(at + 2 * step, tapRow, step), t3 = joinPositions(at + 3 * step, tapRow, step);
      const write: usize = dw + 3 * tapRow * step + item * 16;
      const outer = f32x4.mul(half, f32x4.add(t1, t2));
      v128.store(write, f32x4.add(t0, outer));
      v128.store(write + step, f32x4.mul(half, f32x4.sub(t1, t2)));
      v128.store(write + 2 * step, f32x4.add(outer, t3));
    }
  }
}

/** Row `row` of Gᵀ times a column of the positions. */
@inline
function joinPositions(at: usize, row: i32, step: i32): v128 {
  const half = f32x4.splat(0.5);
  const p1 = v128.load(at + 4 * step), p2 = v128.load(at + 8 * step);
  if (row == 1) return f32x4.mul(half, f32x4.sub(p1, p2));
  return madd(half, f32x4.add(p1, p2), v128.load(at + (row == 0 ? 0 : 12) * step));
}
