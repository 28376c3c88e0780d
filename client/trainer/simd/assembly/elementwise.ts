import { madd } from './vector';

/** Floats a work item. */
const BLOCK = 1024;

/**
 * SGD with Nesterov momentum in one pass: g = gradient + decay × weight; v = momentum × velocity + g;
 * w = weight − rate × (g + momentum × v). The outputs are tensors of their own.
 * @param from, to work items: blocks of 1024 of the `count` weights
 */
export function nesterovUpdate(
  weight: usize, velocity: usize, gradient: usize, newWeight: usize, newVelocity: usize, count: i32,
  rate: f32, momentum: f32, decay: f32, from: i32, to: i32,
): void {
  const r = f32x4.splat(-rate), m = f32x4.splat(momentum), d = f32x4.splat(decay);
  const end = min(to * BLOCK, count) * 4;
  let at: usize = from * BLOCK * 4;
  for (; at + 16 <= <usize>end; at += 16) {
    const w = v128.load(weight + at);
    const g = madd(d, w, v128.load(gradient + at));
    const v = madd(m, v128.load(velocity + at), g);
    v128.store(newVelocity + at, v);
    v128.store(newWeight + at, madd(r, madd(m, v, g), w));
  }
  for (; at < <usize>end; at += 4) {
    const w = load<f32>(weight + at);
    const g = load<f32>(gradient + at) + decay * w;
    const v = momentum * load<f32>(velocity + at) + g;
    store<f32>(newVelocity + at, v);
    store<f32>(newWeight + at, w - rate * (g + momentum * v));
  }
}

/** dx = dy where y, the output of relu, is above zero, else 0. Work items: blocks of 1024 of the `count` values. */
export function reluGradient(y: usize, dy: usize, dx: usize, count: i32, from: i32, to: i32): void {
  const zero = f32x4.splat(0);
  const end = min(to * BLOCK, count) * 4;
  let at: usize = from * BLOCK * 4;
  for (; at + 16 <= <usize>end; at += 16) {
    v128.store(dx + at, v128.and(v128.load(dy + at), f32x4.gt(v128.load(y + at), zero)));
  }
  for (; at < <usize>end; at += 4) {
    store<f32>(dx + at, load<f32>(y + at) > 0 ? load<f32>(dy + at) : 0);
  }
}

/** y = max(x, 0). Work items: blocks of 1024 of the `count` values. */
export function relu(x: usize, y: usize, count: i32, from: i32, to: i32): void {
  const zero = f32x4.splat(0);
  const end = min(to * BLOCK, count) * 4;
  let at: usize = from * BLOCK * 4;
  for (; at + 16 <= <usize>end; at += 16) v128.store(y + at, f32x4.pmax(v128.load(x + at), zero));
  for (; at < <usize>end; at += 4) store<f32>(y + at, max<f32>(load<f32>(x + at), 0));
}

/** y = a + b. Work items: blocks of 1024 of the `count` values. */
export function add(a: usize, b: usize, y: usize, count: i32, from: i32, to: i32): void {
  const start = from * BLOCK * 4;
  addFloats(a + start, b + start, y + start, (min(to * BLOCK, count) - from * BLOCK) * 4);
}

/** y [rows, columns] = a + b, b one row: a bias. Work items: rows. */
export function addRow(a: usize, b: usize, y: usize, columns: i32, from: i32, to: i32): void {
  const bytes = columns * 4;
  for (let row = from; row < to; row++) addFloats(a + row * bytes, b, y + row * bytes, bytes);
}

@inline
function addFloats(a: usize, b: usize, y: usize, bytes: i32): void {
  let at = 0;
  for (; at + 16 <= bytes; at += 16) v128.store(y + at, f32x4.add(v128.load(a + at), v128.load(b + at)));
  for (; at < bytes; at += 4) store<f32>(y + at, load<f32>(a + at) + load<f32>(b + at));
}

/** y = x, but at least `low` and at most `high`; NaN stays. Work items: blocks of 1024 of the `count` values. */
export function clip(x: usize, y: usize, count: i32, low: f32, high: f32, from: i32, to: i32): void {
  const least = f32x4.splat(low), most = f32x4.splat(high);
  const end = min(to * BLOCK, count) * 4;
  let at: usize = from * BLOCK * 4;
  for (; at + 16 <= <usize>end; at += 16) {
    // Of two that cannot be compared, these take the first.
    v128.store(y + at, f32x4.pmin(f32x4.pmax(v128.load(x + at), least), most));
  }
  for (; at < <usize>end; at += 4) store<f32>(y + at, min<f32>(max<f32>(load<f32>(x + at), low), high));
}

/** y = the larger of a and b; NaN if one is NaN. Work items: blocks of 1024 of the `count` values. */
export function maximum(a: usize, b: usize, y: usize, count: i32, from: i32, to: i32): void {
  const end = min(to * BLOCK, count) * 4;
  let at: usize = from * BLOCK * 4;
  for (; at + 16 <= <usize>end; at += 16) v128.store(y + at, f32x4.max(v128.load(a + at), v128.load(b + at)));
  for (; at < <usize>end; at += 4) store<f32>(y + at, max<f32>(load<f32>(a + at), load<f32>(b + at)));
}

/** y = the smaller of a and b; NaN if one is NaN. Work items: blocks of 1024 of the `count` values. */
export function minimum(a: usize, b: usize, y: usize, count: i32, from: i32, to: i32): void {
  const end = min(to * BLOCK, count) * 4;
  let at: usize = from * BLOCK * 4;
  for (; at + 16 <= <usize>end; at += 16) v128.store(y + at, f32x4.min(v128.load(a + at), v128.load(b + at)));
  for (; at < <usize>end; at += 4) store<f32>(y + at, min<f32>(load<f32>(a + at), load<f32>(b + at)));
}
