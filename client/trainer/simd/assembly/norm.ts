import { loadLanes, madd, storeLanes, zero } from './vector';

/**
 * Batch and group normalisation of x [rows, channels] in three passes. First, for each block of rows (a part of the
 * batch, or one image), the mean and the squared deviations of every channel. Then, few and in doubles, the moments of
 * each set, and from them what every channel is to be multiplied with and shifted by. Last, all values. The gradients
 * go the same way. Blocks are the work items, so the split over threads changes no sum.
 */

/**
 * For each block: [means of the channels, sums of their squared deviations]. Sums run over the distance from the block's
 * first row, so that a mean far from zero costs no digits.
 * @param out [blocks, 2, channels]
 * @param from, to work items: blocks of `blockRows` rows, the last maybe shorter
 */
export function blockMoments(
  x: usize, out: usize, rows: i32, blockRows: i32, channels: i32, from: i32, to: i32,
): void {
  const row = channels * 4;
  for (let block = from; block < to; block++) {
    const start = x + block * blockRows * row;
    const into = out + block * 2 * row;
    const count = min(blockRows, rows - block * blockRows);
    const share = f32x4.splat(1 / <f32>count);
    for (let channel = 0; channel < channels; channel += 4) {
      const valid = channels - channel;
      let read = start + channel * 4;
      const first = loadLanes(read, valid);
      let sum = zero(), squares = zero();
      for (let i = 0; i < count; i++, read += row) {
        const distance = f32x4.sub(valid >= 4 ? v128.load(read) : loadLanes(read, valid), first);
        sum = f32x4.add(sum, distance);
        squares = madd(distance, distance, squares);
      }
      const mean = f32x4.mul(sum, share);
      storeLanes(into + channel * 4, f32x4.add(mean, first), valid);
      storeLanes(into + row + channel * 4, f32x4.sub(squares, f32x4.mul(sum, mean)), valid);
    }
  }
}

/**
 * Mean and biased variance of each channel over all blocks (Chan's formula), and [mean, scale, shift] for `normalise`.
 * @param from, to work items: channels
 */
export function batchMoments(
  moments: usize, rows: i32, blockRows: i32, channels: i32, gamma: usize, beta: usize, epsilon: f32,
  means: usize, variances: usize, factors: usize, from: i32, to: i32,
): void {
  const row = channels * 4;
  for (let channel = from; channel < to; channel++) {
    const at = channel * 4;
    let mean: f64 = 0, squares: f64 = 0, seen: f64 = 0;
    let read = moments + at;
    for (let start = 0; start < rows; start += blockRows, read += 2 * row) {
      const count = <f64>min(blockRows, rows - start);
      const distance = <f64>load<f32>(read) - mean;
      squares += <f64>load<f32>(read + row) + distance * distance * seen * count / (seen + count);
      seen += count;
      mean += distance * count / seen;
    }
    const variance = squares / seen;
    store<f32>(means + at, <f32>mean);
    store<f32>(variances + at, <f32>variance);
    const scale = <f64>load<f32>(gamma + at) / Math.sqrt(variance + epsilon);
    storeFactors(factors + at, row, <f32>mean, <f32>scale, load<f32>(beta + at));
  }
}

/**
 * Mean and inverse deviation of each group of an image's channels, and [mean, scale, shift] a channel.
 * @param moments [images, 2, channels]; @param factors [images, 3, channels]
 * @param from, to work items: images
 */
export function groupMoments(
  moments: usize, places: i32, channels: i32, groups: i32, gamma: usize, beta: usize, epsilon: f32,
  means: usize, inverses: usize, factors: usize, from: i32, to: i32,
): void {
  const row = channels * 4;
  const width = channels / groups;
  for (let image = from; image < to; image++) {
    for (let group = 0; group < groups; group++) {
      const first = group * width * 4;
      const read = moments + image * 2 * row + first;
      let mean: f64 = 0, squares: f64 = 0;
      for (let i = 0; i < width; i++) mean += load<f32>(read + i * 4);
      mean /= width;
      for (let i = 0; i < width; i++) {
        const distance = <f64>load<f32>(read + i * 4) - mean;
        squares += <f64>load<f32>(read + row + i * 4) + distance * distance * places;
      }
      const inverse = 1 / Math.sqrt(squares / (<f64>places * width) + epsilon);
      const set = (image * groups + group) * 4;
      store<f32>(means + set, <f32>mean);
      store<f32>(inverses + set, <f32>inverse);
      for (let i = 0; i < width; i++) {
        const at = first + i * 4;
        const scale = <f32>(load<f32>(gamma + at) * inverse);
        storeFactors(factors + image * 3 * row + at, row, <f32>mean, scale, load<f32>(beta + at));
      }
    }
  }
}

@inline
function storeFactors(at: usize, row: i32, mean: f32, scale: f32, shift: f32): void {
  store<f32>(at, mean);
  store<f32>(at + row, scale);
  store<f32>(at + 2 * row, shift);
}

/**
 * y = (x − mean) × scale + shift, by channel.
 * @param factorStep bytes between the factors of neighbouring blocks; 0 where all share one set
 * @param from, to work items: blocks of rows
 */
export function normalise(
  x: usize, y: usize, factors: usize, factorStep: i32, rows: i32, blockRows: i32, channels: i32,
  from: i32, to: i32,
): void {
  const row = channels * 4;
  for (let block = from; block < to; block++) {
    const first = block * blockRows;
    const end = min(rows, first + blockRows) * row;
    const mean = factors + block * factorStep, scale = mean + row, shift = scale + row;
    for (let at = first * row; at < end; at += row) {
      let c = 0;
      for (; c + 16 <= row; c += 16) {
        const distance = f32x4.sub(v128.load(x + at + c), v128.load(mean + c));
        v128.store(y + at + c, madd(distance, v128.load(scale + c), v128.load(shift + c)));
      }
      for (; c < row; c += 4) {
        const distance = load<f32>(x + at + c) - load<f32>(mean + c);
        store<f32>(y + at + c, distance * load<f32>(scale + c) + load<f32>(shift + c));
      }
    }
  }
}
