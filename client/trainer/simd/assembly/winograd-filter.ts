/**
 * G w Gᵀ of a 3 × 3 filter, for each of the 16 positions in panels as `packWeights` makes them: [positions, panels of 8
 * outputs (the last of 4 if no more are left), channels, 8]. Any filter with regular steps: as it is, or turned and
 * transposed.
 * @param channels, outputs multiples of four
 * @param tapRowStep, tapColumnStep, channelStep, outputStep bytes between neighbours in the source; may be negative
 * @param from, to work items: blocks of four outputs
 */
export function winogradFilter(
  source: usize, target: usize, channels: i32, outputs: i32,
  tapRowStep: i32, tapColumnStep: i32, channelStep: i32, outputStep: i32,
  from: i32, to: i32,
): void {
  const position = channels * outputs * 4;
  for (let item = from; item < to; item++) {
    const panel = item >> 1;
    // The last panel is 4 wide if no more than 4 are left.
    const width = outputs - panel * 8 > 4 ? 32 : 16;
    let write: usize = target + panel * channels * 32 + (item & 1) * 16;
    let read: usize = source + item * 4 * outputStep;
    for (let channel = 0; channel < channels; channel++, read += channelStep, write += width) {
      writeRow(read, write, 0, position, tapRowStep, tapColumnStep, outputStep);
      writeRow(read, write, 1, position, tapRowStep, tapColumnStep, outputStep);
      writeRow(read, write, 2, position, tapRowStep, tapColumnStep, outputStep);
      writeRow(read, write, 3, position, tapRowStep, tapColumnStep, outputStep);
    }
  }
}

/** The four positions of row `row` of G w Gᵀ. */
@inline
function writeRow(
  read: usize, write: usize, row: i32, position: i32, tapRowStep: i32, tapColumnStep: i32, outputStep: i32,
): void {
  const half = f32x4.splat(0.5);
  const t0 = joinRows(read, row, tapRowStep, outputStep);
  const t1 = joinRows(read + tapColumnStep, row, tapRowStep, outputStep);
  const t2 = joinRows(read + 2 * tapColumnStep, row, tapRowStep, outputStep);
  const outer = f32x4.add(t0, t2);
  const to: usize = write + 4 * row * position;
  v128.store(to, t0);
  v128.store(to + position, f32x4.mul(half, f32x4.add(outer, t1)));
  v128.store(to + 2 * position, f32x4.mul(half, f32x4.sub(outer, t1)));
  v128.store(to + 3 * position, t2);
}

/** Row `row` of G times a column of the filter. */
@inline
function joinRows(read: usize, row: i32, step: i32, outputStep: i32): v128 {
  if (row == 0) return gather(read, outputStep);
  if (row == 3) return gather(read + 2 * step, outputStep);
  const outer = f32x4.add(gather(read, outputStep), gather(read + 2 * step, outputStep));
  const middle = gather(read + step, outputStep);
  return f32x4.mul(f32x4.splat(0.5), row == 1 ? f32x4.add(outer, middle) : f32x4.sub(outer, middle));
}

/** Four outputs' weights. */
@inline
function gather(read: usize, step: i32): v128 {
  if (step == 4) return v128.load(read);
  let value = f32x4.splat(load<f32>(read));
  value = v128.load_lane<f32>(read + step, value, 1);
  value = v128.load_lane<f32>(read + 2 * step, value, 2);
  return v128.load_lane<f32>(read + 3 * step, value, 3);
}
