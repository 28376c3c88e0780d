import { madd, zero } from './vector';
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
          v + column * vStep, u + column * uStep, sums + (row * 4 + column) * size + first * outputs * 4,
          count, end - first, outputs, plane, start == 0,
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

/** Adds one position's products over a block of tiles to the sums [channels, outputs], four channels × 8 outputs each. */
function addProducts(
  v: usize, u: usize, sums: usize, count: i32, channels: i32, outputs: i32, plane: i32, isFirst: bool,
): void {
  const down = outputs * 4;
  for (let channel = 0; channel < channels; channel += 4) {
    let g = u, to = sums + channel * down, output = 0;
    for (; output + 8 <= outputs; output += 8, g += 2 * plane, to += 32) add8(v, g, plane, to, down, count, isFirst);
    if (output < outputs) add4(v, g, to, down, count, isFirst);
    v += plane;
  }
}

export function add8(x: usize, g: usize, plane: i32, to: usize, down: i32, count: i32, isFirst: bool): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero(), c0 = zero(), c1 = zero(), d0 = zero(), d1 = zero();
  let h: usize = g + plane;
  for (; count > 0; count--) {
    const g0 = v128.load(g), g1 = v128.load(h);
    let s = v128.load32_splat(x); a0 = madd(s, g0, a0); a1 = madd(s, g1, a1);
    s = v128.load32_splat(x, 4); b0 = madd(s, g0, b0); b1 = madd(s, g1, b1);
    s = v128.load32_splat(x, 8); c0 = madd(s, g0, c0); c1 = madd(s, g1, c1);
    s = v128.load32_splat(x, 12); d0 = madd(s, g0, d0); d1 = madd(s, g1, d1);
    x += 16; g += 16; h += 16;
  }
  put(to, a0, isFirst); put(to + 16, a1, isFirst);
  to += down; put(to, b0, isFirst); put(to + 16, b1, isFirst);
  to += down; put(to, c0, isFirst); put(to + 16, c1, isFirst);
  to += down; put(to, d0, isFirst); put(to + 16, d1, isFirst);
}

/** Four channels × 4 outputs, with sums of their own for every other tile. */
export function add4(x: usize, g: usize, to: usize, down: i32, count: i32, isFirst: bool): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero(), c0 = zero(), c1 = zero(), d0 = zero(), d1 = zero();
  for (; count >= 2; count -= 2) {
    const g0 = v128.load(g), g1 = v128.load(g, 16);
    a0 = madd(v128.load32_splat(x), g0, a0); a1 = madd(v128.load32_splat(x, 16), g1, a1);
    b0 = madd(v128.load32_splat(x, 4), g0, b0); b1 = madd(v128.load32_splat(x, 20), g1, b1);
    c0 = madd(v128.load32_splat(x, 8), g0, c0); c1 = madd(v128.load32_splat(x, 24), g1, c1);
    d0 = madd(v128.load32_splat(x, 12), g0, d0); d1 = madd(v128.load32_splat(x, 28), g1, d1);
    x += 32; g += 32;
  }
  if (count > 0) {
    const g0 = v128.load(g);
    a0 = madd(v128.load32_splat(x), g0, a0); b0 = madd(v128.load32_splat(x, 4), g0, b0);
    c0 = madd(v128.load32_splat(x, 8), g0, c0); d0 = madd(v128.load32_splat(x, 12), g0, d0);
  }
  put(to, f32x4.add(a0, a1), isFirst);
  put(to + down, f32x4.add(b0, b1), isFirst);
  put(to + 2 * down, f32x4.add(c0, c1), isFirst);
  put(to + 3 * down, f32x4.add(d0, d1), isFirst);
}

@inline
function put(to: usize, sum: v128, isFirst: bool): void {
  v128.store(to, isFirst ? sum : f32x4.add(sum, v128.load(to)));
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
