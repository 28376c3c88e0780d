import { loadLanes, madd, storeLanes } from './vector';

/**
 * Max pooling: each output's gradient goes to the first maximum of its window, in row order. Four channels at a time.
 * @param y the pooled values; @param top, left cells of padding before the image
 * @param from, to work items: images
 */
export function maxPoolGradient(
  x: usize, y: usize, dy: usize, dx: usize,
  height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  windowHeight: i32, windowWidth: i32, strideHeight: i32, strideWidth: i32, top: i32, left: i32,
  from: i32, to: i32,
): void {
  const pixel = channels * 4;
  const row = width * pixel;
  memory.fill(dx + from * height * row, 0, (to - from) * height * row);
  let out: usize = from * outHeight * outWidth * pixel;
  for (let image = from; image < to; image++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const y0 = oy * strideHeight - top;
      const firstRow = max(0, y0), endRow = min(height, y0 + windowHeight);
      for (let ox = 0; ox < outWidth; ox++, out += pixel) {
        const x0 = ox * strideWidth - left;
        const firstColumn = max(0, x0), endColumn = min(width, x0 + windowWidth);
        for (let c = 0; c < channels; c += 4) {
          const valid = channels - c;
          const largest = loadLanes(y + out + c * 4, valid);
          let gradient = loadLanes(dy + out + c * 4, valid);
          for (let r = firstRow; r < endRow; r++) {
            let at: usize = (image * height + r) * row + firstColumn * pixel + c * 4;
            for (let k = firstColumn; k < endColumn; k++, at += pixel) {
              const isLargest = f32x4.eq(loadLanes(x + at, valid), largest);
              const given = v128.and(gradient, isLargest);
              storeLanes(dx + at, f32x4.add(loadLanes(dx + at, valid), given), valid);
              gradient = v128.andnot(gradient, isLargest);
            }
          }
        }
      }
    }
  }
}

/**
 * Average pooling: each output's gradient is spread evenly over the cells of its window that lie inside the image, or,
 * if `whole` is not 0, divided by that: the cells of a whole window.
 * @param from, to work items: images
 */
export function averagePoolGradient(
  dy: usize, dx: usize, whole: i32,
  height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  windowHeight: i32, windowWidth: i32, strideHeight: i32, strideWidth: i32, top: i32, left: i32,
  from: i32, to: i32,
): void {
  const pixel = channels * 4;
  const row = width * pixel;
  memory.fill(dx + from * height * row, 0, (to - from) * height * row);
  let out: usize = from * outHeight * outWidth * pixel;
  for (let image = from; image < to; image++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const y0 = oy * strideHeight - top;
      const firstRow = max(0, y0), endRow = min(height, y0 + windowHeight);
      for (let ox = 0; ox < outWidth; ox++, out += pixel) {
        const x0 = ox * strideWidth - left;
        const firstColumn = max(0, x0), endColumn = min(width, x0 + windowWidth);
        const cells = whole > 0 ? whole : (endRow - firstRow) * (endColumn - firstColumn);
        const factor = f32x4.splat(<f32>1 / <f32>cells);
        for (let c = 0; c < channels; c += 4) {
          const valid = channels - c;
          const gradient = loadLanes(dy + out + c * 4, valid);
          for (let r = firstRow; r < endRow; r++) {
            let at: usize = (image * height + r) * row + firstColumn * pixel + c * 4;
            for (let k = firstColumn; k < endColumn; k++, at += pixel) {
              storeLanes(dx + at, madd(gradient, factor, loadLanes(dx + at, valid)), valid);
            }
          }
        }
      }
    }
  }
}
