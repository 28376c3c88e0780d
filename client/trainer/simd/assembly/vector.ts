/** One rounding where the engine has relaxed SIMD, two where it has not: a × b + c. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD
    ? f32x4.relaxed_madd(a, b, c)
    : f32x4.add(f32x4.mul(a, b), c);
}

@inline
export function zero(): v128 {
  return f32x4.splat(0);
}

/** Stores the first `lanes` (at most four) lanes; none where it is not positive. */
@inline
export function storeLanes(address: usize, value: v128, lanes: i32): void {
  if (lanes >= 4) {
    v128.store(address, value);
  } else {
    if (lanes > 0) v128.store_lane<f32>(address, value, 0);
    if (lanes > 1) v128.store_lane<f32>(address, value, 1, 4);
    if (lanes > 2) v128.store_lane<f32>(address, value, 2, 8);
  }
}

/** Loads the first `lanes` (at most four) lanes, zero in the others. */
@inline
export function loadLanes(address: usize, lanes: i32): v128 {
  if (lanes >= 4) return v128.load(address);
  let value = f32x4.splat(0);
  if (lanes > 0) value = v128.load_lane<f32>(address, value, 0);
  if (lanes > 1) value = v128.load_lane<f32>(address, value, 1, 4);
  if (lanes > 2) value = v128.load_lane<f32>(address, value, 2, 8);
  return value;
}
