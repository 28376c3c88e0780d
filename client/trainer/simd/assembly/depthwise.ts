import { loadLanes, madd, storeLanes, zero } from './vector';

/*
 * Depthwise convolution, one output a channel: nothing is shared between channels, so lanes are channels, and every tap
 * is one multiply-add a vector. The taps that lie on padding are left out by the loops' bounds.
 */

/**
 * y [images, outHeight, outWidth, channels] from images that have their padding already, so that there are no edges.
 * Four pixels share each weight that is loaded.
 * @param filter [windowHeight, windowWidth, channels]
 * @param image, row bytes of an image and of its row; tapRow, tapColumn bytes between taps: they hold the dilation
 * @param from, to work items: rows of the output, images × outHeight
 */
export function depthwise(
  x: usize, filter: usize, y: usize, channels: i32, outHeight: i32, outWidth: i32,
  windowHeight: i32, windowWidth: i32, image: i32, rowStep: i32, columnStep: i32, tapRow: i32, tapColumn: i32,
  from: i32, to: i32,
): void {
  const pixel = channels * 4;
  for (let item = from; item < to; item++) {
    const start: usize = x + (item / outHeight) * image + (item % outHeight) * rowStep;
    const out: usize = y + item * outWidth * pixel;
    for (let ox = 0; ox < outWidth; ox += 4) {
      const pixels = outWidth - ox;
      const at: usize = start + ox * columnStep, into: usize = out + ox * pixel;
      let c = 0;
      for (; c + 4 <= channels; c += 4) {
        sumTaps(at + c * 4, filter + c * 4, into + c * 4, 4, pixels, pixel,
          windowHeight, windowWidth, columnStep, tapRow, tapColumn);
      }
      if (c < channels) {
        sumTaps(at + c * 4, filter + c * 4, into + c * 4, channels - c, pixels, pixel,
          windowHeight, windowWidth, columnStep, tapRow, tapColumn);
      }
    }
  }
}

/** Up to four pixels of up to four channels. Beyond the last pixel, the last one is computed again, and not stored. */
@inline
function sumTaps(
  x: usize, filter: usize, y: usize, lanes: i32, pixels: i32, pixel: i32,
  windowHeight: i32, windowWidth: i32, columnStep: i32, tapRow: i32, tapColumn: i32,
): void {
  const step1 = pixels > 1 ? columnStep : 0;
  const step2 = pixels > 2 ? columnStep * 2 : step1;
  const step3 = pixels > 3 ? columnStep * 3 : step2;
  let sum0 = zero(), sum1 = zero(), sum2 = zero(), sum3 = zero();
  let weights = filter;
  for (let r = 0; r < windowHeight; r++) {
    let at: usize = x + r * tapRow;
    for (let k = 0; k < windowWidth; k++, at += tapColumn, weights += pixel) {
      const w = loadLanes(weights, lanes);
      sum0 = madd(loadLanes(at, lanes), w, sum0);
      sum1 = madd(loadLanes(at + step1, lanes), w, sum1);
      sum2 = madd(loadLanes(at + step2, lanes), w, sum2);
      sum3 = madd(loadLanes(at + step3, lanes), w, sum3);
    }
  }
  storeLanes(y, sum0, lanes);
  if (pixels > 1) storeLanes(y + pixel, sum1, lanes);
  if (pixels > 2) storeLanes(y + 2 * pixel, sum2, lanes);
  if (pixels > 3) storeLanes(y + 3 * pixel, sum3, lanes);
}

/**
 * dx, for each output and each tap inside the image: dx[input] += dy[output] × filter[tap].
 * @param filter [windowHeight, windowWidth, channels]
 * @param from, to work items: images
 */
export function depthwiseInputGradient(
  dy: usize, filter: usize, dx: usize,
  height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  windowHeight: i32, windowWidth: i32, strideHeight: i32, strideWidth: i32, top: i32, left: i32,
  from: i32, to: i32,
): void {
  const pixel = channels * 4;
  const row = width * pixel;
  memory.fill(dx + from * height * row, 0, (to - from) * height * row);
  let out: usize = dy + from * outHeight * outWidth * pixel;
  for (let image = from; image < to; image++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const y0 = oy * strideHeight - top;
      const firstRow = max(0, -y0), endRow = min(windowHeight, height - y0);
      for (let ox = 0; ox < outWidth; ox++, out += pixel) {
        const x0 = ox * strideWidth - left;
        const firstColumn = max(0, -x0), endColumn = min(windowWidth, width - x0);
        for (let r = firstRow; r < endRow; r++) {
          for (let k = firstColumn; k < endColumn; k++) {
            const into = dx + (image * height + y0 + r) * row + (x0 + k) * pixel;
            addProducts(out, filter + (r * windowWidth + k) * pixel, into, channels);
          }
        }
      }
    }
  }
}

@inline
function addProducts(a: usize, b: usize, into: usize, channels: i32): void {
  let left = channels;
  for (; left >= 4; left -= 4, a += 16, b += 16, into += 16) {
    v128.store(into, madd(v128.load(a), v128.load(b), v128.load(into)));
  }
  if (left > 0) storeLanes(into, madd(loadLanes(a, left), loadLanes(b, left), loadLanes(into, left)), left);
}

/**
 * dw [windowHeight, windowWidth, channels]: for each tap and channel the sum of x × dy, image by image, which keeps the
 * rounding of long sums small.
 * @param from, to work items: taps × blocks of eight channels
 */
export function depthwiseFilterGradient(
  x: usize, dy: usize, dw: usize, images: i32,
  height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  windowHeight: i32, windowWidth: i32, strideHeight: i32, strideWidth: i32, top: i32, left: i32,
  from: i32, to: i32,
): void {
  const pixel = channels * 4;
  const blocks = (channels + 7) >> 3;
  for (let item = from; item < to; item++) {
    const channel = (item % blocks) * 8;
    const tap = item / blocks;
    const y0 = tap / windowWidth - top, x0 = tap % windowWidth - left;
    const firstColumn = inside(-x0, strideWidth), endColumn = min(outWidth, inside(width - x0, strideWidth));
    const firstRow = inside(-y0, strideHeight), endRow = min(outHeight, inside(height - y0, strideHeight));
    const low = min(4, channels - channel), high = channels - channel - 4;
    let sum0 = zero(), sum1 = zero();
    for (let image = 0; image < images; image++) {
      let a0 = zero(), a1 = zero();
      for (let oy = firstRow; oy < endRow; oy++) {
        let g = dy + ((image * outHeight + oy) * outWidth + firstColumn) * pixel + channel * 4;
        const inputRow = (image * height + oy * strideHeight + y0) * width;
        let v = x + (inputRow + firstColumn * strideWidth + x0) * pixel + channel * 4;
        for (let ox = firstColumn; ox < endColumn; ox++, g += pixel, v += strideWidth * pixel) {
          a0 = madd(loadLanes(g, low), loadLanes(v, low), a0);
          a1 = madd(loadLanes(g + 16, high), loadLanes(v + 16, high), a1);
        }
      }
      sum0 = f32x4.add(sum0, a0);
      sum1 = f32x4.add(sum1, a1);
    }
    storeLanes(dw + tap * pixel + channel * 4, sum0, low);
    storeLanes(dw + tap * pixel + channel * 4 + 16, sum1, high);
  }
}

/** The first position whose stride-fold is not below `cells`; 0 where none is needed. */
@inline
function inside(cells: i32, stride: i32): i32 {
  return cells > 0 ? (cells + stride - 1) / stride : 0;
}
