import { loadLanes, storeLanes } from './vector';

/*
 * Pooling, four channels at a time. A window's cells on padding are left out by the loops' bounds.
 */

/**
 * y = the largest value of each window; NaN if one of them is NaN.
 * @param top, left cells of padding before the image
 * @param from, to work items: rows of the output, images × outHeight
 */
export function maxPool(
  x: usize, y: usize,
  height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  windowHeight: i32, windowWidth: i32, strideHeight: i32, strideWidth: i32, top: i32, left: i32,
  from: i32, to: i32,
): void {
  const pixel = channels * 4;
  const row = width * pixel;
  let out: usize = y + from * outWidth * pixel;
  for (let item = from; item < to; item++) {
    const y0 = (item % outHeight) * strideHeight - top;
    const firstRow = max(0, y0), endRow = min(height, y0 + windowHeight);
    const image: usize = x + (item / outHeight) * height * row;
    for (let ox = 0; ox < outWidth; ox++, out += pixel) {
      const x0 = ox * strideWidth - left;
      const firstColumn = max(0, x0), endColumn = min(width, x0 + windowWidth);
      const rows = endRow - firstRow, columns = endColumn - firstColumn;
      const corner: usize = image + firstRow * row + firstColumn * pixel;
      let c = 0;
      for (; c + 4 <= channels; c += 4) {
        storeLanes(out + c * 4, largestOf(corner + c * 4, rows, columns, row, pixel, 4), 4);
      }
      if (c < channels) {
        storeLanes(out + c * 4, largestOf(corner + c * 4, rows, columns, row, pixel, channels - c), channels - c);
      }
    }
  }
}

/**
 * y = the mean of each window's cells that lie inside the image.
 * @param from, to work items: rows of the output, images × outHeight
 */
export function averagePool(
  x: usize, y: usize,
  height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  windowHeight: i32, windowWidth: i32, strideHeight: i32, strideWidth: i32, top: i32, left: i32,
  from: i32, to: i32,
): void {
  const pixel = channels * 4;
  const row = width * pixel;
  let out: usize = y + from * outWidth * pixel;
  for (let item = from; item < to; item++) {
    const y0 = (item % outHeight) * strideHeight - top;
    const firstRow = max(0, y0), endRow = min(height, y0 + windowHeight);
    const image: usize = x + (item / outHeight) * height * row;
    for (let ox = 0; ox < outWidth; ox++, out += pixel) {
      const x0 = ox * strideWidth - left;
      const firstColumn = max(0, x0), endColumn = min(width, x0 + windowWidth);
      const rows = endRow - firstRow, columns = endColumn - firstColumn;
      const corner: usize = image + firstRow * row + firstColumn * pixel;
      const cells = f32x4.splat(<f32>(rows * columns));
      let c = 0;
      for (; c + 4 <= channels; c += 4) {
        storeLanes(out + c * 4, f32x4.div(sumOf(corner + c * 4, rows, columns, row, pixel, 4), cells), 4);
      }
      if (c < channels) {
        const sum = sumOf(corner + c * 4, rows, columns, row, pixel, channels - c);
        storeLanes(out + c * 4, f32x4.div(sum, cells), channels - c);
      }
    }
  }
}

@inline
function largestOf(corner: usize, rows: i32, columns: i32, row: i32, pixel: i32, lanes: i32): v128 {
  let largest = f32x4.splat(-Infinity);
  for (let r = 0; r < rows; r++) {
    let at: usize = corner + r * row;
    for (let k = 0; k < columns; k++, at += pixel) largest = f32x4.max(largest, loadLanes(at, lanes));
  }
  return largest;
}

@inline
function sumOf(corner: usize, rows: i32, columns: i32, row: i32, pixel: i32, lanes: i32): v128 {
  let sum = f32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    let at: usize = corner + r * row;
    for (let k = 0; k < columns; k++, at += pixel) sum = f32x4.add(sum, loadLanes(at, lanes));
  }
  return sum;
}
