import { madd, zero } from './vector';

/**
 * Adds the products of `count` places to the sums [channels, outputs], four channels × 8 outputs at a time.
 * @param vStep, uStep bytes between places; @param vPlane, uPlane bytes between blocks of four channels
 */
export function addProducts(
  v: usize, vStep: i32, vPlane: i32, u: usize, uStep: i32, uPlane: i32,
  sums: usize, count: i32, channels: i32, outputs: i32, isFirst: bool,
): void {
  const down = outputs * 4;
  for (let channel = 0; channel < channels; channel += 4) {
    let g = u, to = sums + channel * down, output = 0;
    for (; output + 8 <= outputs; output += 8, g += 2 * uPlane, to += 32) {
      add8(v, vStep, g, uStep, uPlane, to, down, count, isFirst);
    }
    if (output < outputs) add4(v, vStep, g, uStep, to, down, count, isFirst);
    v += vPlane;
  }
}

/** Exported from the module too, as the next one: see index.ts. */
export function add8(
  x: usize, xStep: i32, g: usize, gStep: i32, plane: i32, to: usize, down: i32, count: i32, isFirst: bool,
): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero(), c0 = zero(), c1 = zero(), d0 = zero(), d1 = zero();
  let h: usize = g + plane;
  for (; count > 0; count--) {
    const g0 = v128.load(g), g1 = v128.load(h);
    let s = v128.load32_splat(x); a0 = madd(s, g0, a0); a1 = madd(s, g1, a1);
    s = v128.load32_splat(x, 4); b0 = madd(s, g0, b0); b1 = madd(s, g1, b1);
    s = v128.load32_splat(x, 8); c0 = madd(s, g0, c0); c1 = madd(s, g1, c1);
    s = v128.load32_splat(x, 12); d0 = madd(s, g0, d0); d1 = madd(s, g1, d1);
    x += xStep; g += gStep; h += gStep;
  }
  put(to, a0, isFirst); put(to + 16, a1, isFirst);
  to += down; put(to, b0, isFirst); put(to + 16, b1, isFirst);
  to += down; put(to, c0, isFirst); put(to + 16, c1, isFirst);
  to += down; put(to, d0, isFirst); put(to + 16, d1, isFirst);
}

/** Four channels × 4 outputs, with sums of their own for every other place. */
export function add4(
  x: usize, xStep: i32, g: usize, gStep: i32, to: usize, down: i32, count: i32, isFirst: bool,
): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero(), c0 = zero(), c1 = zero(), d0 = zero(), d1 = zero();
  for (; count >= 2; count -= 2) {
    const g0 = v128.load(g), g1 = v128.load(g + gStep), next: usize = x + xStep;
    a0 = madd(v128.load32_splat(x), g0, a0); a1 = madd(v128.load32_splat(next), g1, a1);
    b0 = madd(v128.load32_splat(x, 4), g0, b0); b1 = madd(v128.load32_splat(next, 4), g1, b1);
    c0 = madd(v128.load32_splat(x, 8), g0, c0); c1 = madd(v128.load32_splat(next, 8), g1, c1);
    d0 = madd(v128.load32_splat(x, 12), g0, d0); d1 = madd(v128.load32_splat(next, 12), g1, d1);
    x = next + xStep; g += 2 * gStep;
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
