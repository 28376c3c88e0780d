import { loadLanes, madd, storeLanes, zero } from './vector';

/**
 * Batch and group normalisation of x [rows, channels] in three passes. First, for each block of rows (a part of the
 * batch, or of one image), the mean and the squared deviations of every channel. Then, few and in doubles, the moments of
 * each set, and from them what every channel is to be multiplied with and shifted by. Last, all values. The gradients
 * go the same way. Blocks or images are the work items, so the split over threads changes no sum.
 */

/**
 * For each block: [means of the channels, sums of their squared deviations]. Sums run over the distance from the mean of
 * the block's first rows (see `sampledRows`), so that neither a mean far from zero nor an outlier costs digits.
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
    let channel = 0;
    for (; channel + 16 <= channels; channel += 16) moments16(start + channel * 4, into + channel * 4, count, row);
    for (; channel < channels; channel += 4) {
      moments4(start + channel * 4, into + channel * 4, count, row, channels - channel);
    }
  }
}

/**
 * How many of the first rows make the mean that sums are taken about: a sixteenth. About it, squared distances add up to
 * at most 17 times the squared deviations (Jensen: a sample's own deviations bound how far its mean may lie from that of
 * all); about one row, to `count` times.
 */
@inline
function sampledRows(count: i32): i32 {
  return (count + 15) >> 4;
}

/** 16 channels are a cache line. */
function moments16(read: usize, into: usize, count: i32, row: i32): void {
  let about0 = v128.load(read), about1 = v128.load(read, 16);
  let about2 = v128.load(read, 32), about3 = v128.load(read, 48);
  const sampled = sampledRows(count);
  for (let i = 1, at = read + row; i < sampled; i++, at += row) {
    about0 = f32x4.add(about0, v128.load(at)); about1 = f32x4.add(about1, v128.load(at, 16));
    about2 = f32x4.add(about2, v128.load(at, 32)); about3 = f32x4.add(about3, v128.load(at, 48));
  }
  const share = f32x4.splat(1 / <f32>sampled);
  about0 = f32x4.mul(about0, share); about1 = f32x4.mul(about1, share);
  about2 = f32x4.mul(about2, share); about3 = f32x4.mul(about3, share);
  let sum0 = zero(), sum1 = zero(), sum2 = zero(), sum3 = zero();
  let squares0 = zero(), squares1 = zero(), squares2 = zero(), squares3 = zero();
  for (let i = 0; i < count; i++, read += row) {
    let distance = f32x4.sub(v128.load(read), about0);
    sum0 = f32x4.add(sum0, distance); squares0 = madd(distance, distance, squares0);
    distance = f32x4.sub(v128.load(read, 16), about1);
    sum1 = f32x4.add(sum1, distance); squares1 = madd(distance, distance, squares1);
    distance = f32x4.sub(v128.load(read, 32), about2);
    sum2 = f32x4.add(sum2, distance); squares2 = madd(distance, distance, squares2);
    distance = f32x4.sub(v128.load(read, 48), about3);
    sum3 = f32x4.add(sum3, distance); squares3 = madd(distance, distance, squares3);
  }
  storeMoments(into, about0, sum0, squares0, count, row, 4);
  storeMoments(into + 16, about1, sum1, squares1, count, row, 4);
  storeMoments(into + 32, about2, sum2, squares2, count, row, 4);
  storeMoments(into + 48, about3, sum3, squares3, count, row, 4);
}

function moments4(read: usize, into: usize, count: i32, row: i32, valid: i32): void {
  let about = loadLanes(read, valid);
  const sampled = sampledRows(count);
  for (let i = 1, at = read + row; i < sampled; i++, at += row) about = f32x4.add(about, loadLanes(at, valid));
  about = f32x4.div(about, f32x4.splat(<f32>sampled));
  let sum = zero(), squares = zero();
  for (let i = 0; i < count; i++, read += row) {
    const distance = f32x4.sub(loadLanes(read, valid), about);
    sum = f32x4.add(sum, distance);
    squares = madd(distance, distance, squares);
  }
  storeMoments(into, about, sum, squares, count, row, valid);
}

@inline
function storeMoments(into: usize, about: v128, sum: v128, squares: v128, count: i32, row: i32, valid: i32): void {
  const mean = f32x4.div(sum, f32x4.splat(<f32>count));
  storeLanes(into, f32x4.add(mean, about), valid);
  storeLanes(into + row, f32x4.sub(squares, f32x4.mul(sum, mean)), valid);
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
 * @param moments of the image's blocks, [blocks, 2, channels]; @param factors [3, channels]
 */
function groupMoments(
  moments: usize, places: i32, blockRows: i32, channels: i32, groups: i32, gamma: usize, beta: usize, epsilon: f32,
  means: usize, inverses: usize, factors: usize,
): void {
  const row = channels * 4;
  const width = channels / groups;
  const count = <f64>places * width;
  for (let group = 0; group < groups; group++) {
    const first = group * width * 4;
    const mean = groupSum(moments + first, places, blockRows, width, row) / count;
    const squares = groupSquares(moments + first, places, blockRows, width, row, mean);
    const inverse = 1 / Math.sqrt(squares / count + epsilon);
    store<f32>(means + group * 4, <f32>mean);
    store<f32>(inverses + group * 4, <f32>inverse);
    for (let at = first; at < first + width * 4; at += 4) {
      const scale = <f32>(load<f32>(gamma + at) * inverse);
      storeFactors(factors + at, row, <f32>mean, scale, load<f32>(beta + at));
    }
  }
}

/** Sum of all values of a group, from the means of its blocks. */
@inline
function groupSum(moments: usize, places: i32, blockRows: i32, width: i32, row: i32): f64 {
  let sum: f64 = 0;
  for (let start = 0; start < places; start += blockRows, moments += 2 * row) {
    let means: f64 = 0;
    for (let i = 0; i < width; i++) means += load<f32>(moments + i * 4);
    sum += means * min(blockRows, places - start);
  }
  return sum;
}

/** Squared deviations from the group's mean: those from the blocks' own means, and what lies between these and it. */
@inline
function groupSquares(moments: usize, places: i32, blockRows: i32, width: i32, row: i32, mean: f64): f64 {
  let squares: f64 = 0;
  for (let start = 0; start < places; start += blockRows, moments += 2 * row) {
    const count = <f64>min(blockRows, places - start);
    for (let i = 0; i < width; i++) {
      const distance = <f64>load<f32>(moments + i * 4) - mean;
      squares += <f64>load<f32>(moments + row + i * 4) + distance * distance * count;
    }
  }
  return squares;
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

/**
 * Group normalisation, image by image, so that an image is still in a near cache when it is read again.
 * @param blockRows places of an image that are summed in floats; their sums are joined in doubles
 * @param moments [images, blocks, 2, channels] and @param factors [images, 3, channels] are scratch
 * @param from, to work items: images of `places` × channels
 */
export function groupNorm(
  x: usize, y: usize, moments: usize, factors: usize, images: i32, places: i32, blockRows: i32, channels: i32,
  groups: i32, gamma: usize, beta: usize, epsilon: f32, means: usize, inverses: usize, from: i32, to: i32,
): void {
  const row = channels * 4;
  const blocks = (places + blockRows - 1) / blockRows;
  for (let image = from; image < to; image++) {
    const parts = moments + image * blocks * 2 * row;
    const ownFactors = factors + image * 3 * row;
    const sets = image * groups * 4;
    blockMoments(x + image * places * row, parts, places, blockRows, channels, 0, blocks);
    groupMoments(
      parts, places, blockRows, channels, groups, gamma, beta, epsilon, means + sets, inverses + sets, ownFactors,
    );
    normalise(x, y, factors, 3 * row, images * places, places, channels, image, image + 1);
  }
}
