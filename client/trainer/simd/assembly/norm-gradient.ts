import { loadLanes, madd, storeLanes, zero } from './vector';

/** An image's group means, one a channel: [groups] to [channels]. */
function spreadGroups(values: usize, out: usize, channels: i32, groups: i32): void {
  const width = channels / groups;
  for (let group = 0; group < groups; group++) {
    const value = load<f32>(values + group * 4);
    for (let i = 0; i < width; i++, out += 4) store<f32>(out, value);
  }
}

/**
 * For each block of rows and channel the sums of dy and of dy × (x − mean).
 * @param means one a channel
 * @param out [blocks, 2, channels]
 * @param from, to work items: blocks of rows
 */
export function blockGradients(
  x: usize, dy: usize, means: usize, out: usize,
  rows: i32, blockRows: i32, channels: i32, from: i32, to: i32,
): void {
  const row = channels * 4;
  for (let block = from; block < to; block++) {
    const start = block * blockRows * row;
    const into = out + block * 2 * row;
    const count = min(blockRows, rows - block * blockRows);
    let c = 0;
    for (; c + 64 <= row; c += 64) gradients16(x + start + c, dy + start + c, means + c, into + c, count, row);
    for (; c < row; c += 16) {
      gradients4(x + start + c, dy + start + c, means + c, into + c, count, row, (row - c) >> 2);
    }
  }
}

/** 16 channels are a cache line. */
function gradients16(x: usize, dy: usize, means: usize, into: usize, count: i32, row: i32): void {
  const mean0 = v128.load(means), mean1 = v128.load(means, 16);
  const mean2 = v128.load(means, 32), mean3 = v128.load(means, 48);
  let sum0 = zero(), sum1 = zero(), sum2 = zero(), sum3 = zero();
  let products0 = zero(), products1 = zero(), products2 = zero(), products3 = zero();
  for (let i = 0; i < count; i++, x += row, dy += row) {
    let g = v128.load(dy);
    sum0 = f32x4.add(sum0, g); products0 = madd(g, f32x4.sub(v128.load(x), mean0), products0);
    g = v128.load(dy, 16);
    sum1 = f32x4.add(sum1, g); products1 = madd(g, f32x4.sub(v128.load(x, 16), mean1), products1);
    g = v128.load(dy, 32);
    sum2 = f32x4.add(sum2, g); products2 = madd(g, f32x4.sub(v128.load(x, 32), mean2), products2);
    g = v128.load(dy, 48);
    sum3 = f32x4.add(sum3, g); products3 = madd(g, f32x4.sub(v128.load(x, 48), mean3), products3);
  }
  v128.store(into, sum0); v128.store(into, sum1, 16); v128.store(into, sum2, 32); v128.store(into, sum3, 48);
  into += row;
  v128.store(into, products0); v128.store(into, products1, 16);
  v128.store(into, products2, 32); v128.store(into, products3, 48);
}

function gradients4(x: usize, dy: usize, means: usize, into: usize, count: i32, row: i32, valid: i32): void {
  const mean = loadLanes(means, valid);
  let sum = zero(), products = zero();
  for (let i = 0; i < count; i++, x += row, dy += row) {
    const g = loadLanes(dy, valid);
    sum = f32x4.add(sum, g);
    products = madd(g, f32x4.sub(loadLanes(x, valid), mean), products);
  }
  storeLanes(into, sum, valid);
  storeLanes(into + row, products, valid);
}

/**
 * dgamma, dbeta and, for `normaliseGradient`, [mean, a, b, c] with dx = a × dy + b × (x − mean) + c.
 * @param from, to work items: channels
 */
export function batchGradients(
  sums: usize, rows: i32, blocks: i32, channels: i32, gamma: usize, means: usize, variances: usize, epsilon: f32,
  dgamma: usize, dbeta: usize, factors: usize, from: i32, to: i32,
): void {
  const row = channels * 4;
  for (let channel = from; channel < to; channel++) {
    const at = channel * 4;
    let sum: f64 = 0, products: f64 = 0;
    for (let block = 0, read = sums + at; block < blocks; block++, read += 2 * row) {
      sum += load<f32>(read);
      products += load<f32>(read + row);
    }
    const inverse = 1 / Math.sqrt(<f64>load<f32>(variances + at) + epsilon);
    const a = load<f32>(gamma + at) * inverse;
    store<f32>(dbeta + at, <f32>sum);
    store<f32>(dgamma + at, <f32>(products * inverse));
    const b = -a * inverse * inverse * products / rows;
    storeFactors(factors + at, row, load<f32>(means + at), <f32>a, <f32>b, <f32>(-a * sum / rows));
  }
}

/**
 * The same for the groups of an image: [4, channels].
 * @param sums of the image's blocks, [blocks, 2, channels]
 */
function groupGradients(
  sums: usize, places: i32, blocks: i32, channels: i32, groups: i32, gamma: usize, means: usize, inverses: usize,
  factors: usize,
): void {
  const row = channels * 4;
  const width = channels / groups;
  const count = <f64>places * width;
  for (let group = 0; group < groups; group++) {
    const first = group * width * 4, end = first + width * 4;
    const inverse = <f64>load<f32>(inverses + group * 4);
    let sum: f64 = 0, products: f64 = 0;
    for (let block = 0, read = sums; block < blocks; block++, read += 2 * row) {
      for (let at = first; at < end; at += 4) {
        const scale = <f64>load<f32>(gamma + at);
        sum += scale * load<f32>(read + at);
        products += scale * load<f32>(read + row + at);
      }
    }
    const b = <f32>(-inverse * inverse * inverse * products / count);
    const c = <f32>(-inverse * sum / count);
    for (let at = first; at < end; at += 4) {
      const a = <f32>(load<f32>(gamma + at) * inverse);
      storeFactors(factors + at, row, load<f32>(means + group * 4), a, b, c);
    }
  }
}

/**
 * dgamma and dbeta of groups: over all images the sums of dy × x̂ and of dy.
 * @param sums [images, blocks, 2, channels]
 * @param from, to work items: channels
 */
export function groupScaleGradients(
  sums: usize, images: i32, blocks: i32, channels: i32, groups: i32, inverses: usize, dgamma: usize, dbeta: usize,
  from: i32, to: i32,
): void {
  const row = channels * 4;
  const width = channels / groups;
  for (let channel = from; channel < to; channel++) {
    let sum: f64 = 0, total: f64 = 0;
    let read = sums + channel * 4, inverse = inverses + channel / width * 4;
    for (let image = 0; image < images; image++, inverse += groups * 4) {
      let products: f64 = 0;
      for (let block = 0; block < blocks; block++, read += 2 * row) {
        sum += load<f32>(read);
        products += load<f32>(read + row);
      }
      total += products * load<f32>(inverse);
    }
    store<f32>(dbeta + channel * 4, <f32>sum);
    store<f32>(dgamma + channel * 4, <f32>total);
  }
}

@inline
function storeFactors(at: usize, row: i32, mean: f32, a: f32, b: f32, c: f32): void {
  store<f32>(at, mean);
  store<f32>(at + row, a);
  store<f32>(at + 2 * row, b);
  store<f32>(at + 3 * row, c);
}

/**
 * dx = a × dy + b × (x − mean) + c, by channel.
 * @param factorStep bytes between the factors of neighbouring blocks; 0 where all share one set
 * @param from, to work items: blocks of rows
 */
export function normaliseGradient(
  x: usize, dy: usize, dx: usize, factors: usize, factorStep: i32, rows: i32, blockRows: i32, channels: i32,
  from: i32, to: i32,
): void {
  const row = channels * 4;
  for (let block = from; block < to; block++) {
    const first = block * blockRows;
    const end = min(rows, first + blockRows) * row;
    const mean = factors + block * factorStep, a = mean + row, b = a + row, c = b + row;
    for (let at = first * row; at < end; at += row) {
      let i = 0;
      for (; i + 16 <= row; i += 16) {
        const distance = f32x4.sub(v128.load(x + at + i), v128.load(mean + i));
        const rest = madd(distance, v128.load(b + i), v128.load(c + i));
        v128.store(dx + at + i, madd(v128.load(dy + at + i), v128.load(a + i), rest));
      }
      for (; i < row; i += 4) {
        const distance = load<f32>(x + at + i) - load<f32>(mean + i);
        const rest = distance * load<f32>(b + i) + load<f32>(c + i);
        store<f32>(dx + at + i, load<f32>(dy + at + i) * load<f32>(a + i) + rest);
      }
    }
  }
}

/**
 * dx of group normalisation, image by image, and the sums from which `groupScaleGradients` makes dgamma and dbeta.
 * @param sums [images, blocks, 2, channels], of `blockRows` places each
 * @param spread [images, channels] and @param factors [images, 4, channels] are scratch
 * @param from, to work items: images of `places` × channels
 */
export function groupNormGradient(
  x: usize, dy: usize, dx: usize, sums: usize, factors: usize, spread: usize,
  images: i32, places: i32, blockRows: i32, channels: i32, groups: i32, gamma: usize, means: usize, inverses: usize,
  from: i32, to: i32,
): void {
  const row = channels * 4;
  const blocks = (places + blockRows - 1) / blockRows;
  for (let image = from; image < to; image++) {
    const start = image * places * row, sets = image * groups * 4;
    const parts = sums + image * blocks * 2 * row;
    const ownMeans = spread + image * row, ownFactors = factors + image * 4 * row;
    spreadGroups(means + sets, ownMeans, channels, groups);
    blockGradients(x + start, dy + start, ownMeans, parts, places, blockRows, channels, 0, blocks);
    groupGradients(
      parts, places, blocks, channels, groups, gamma, means + sets, inverses + sets, ownFactors,
    );
    normaliseGradient(x, dy, dx, factors, 4 * row, images * places, places, channels, image, image + 1);
  }
}
