/**
 * Copies images [n, height, width, channels] into the middle of larger ones and fills the rest with zeros: a
 * convolution then has no edges, and the columns of a filter row lie side by side.
 * @param pixelBytes channels × 4
 * @param from, to work items: rows of the padded images, n × paddedHeight
 */
export function padImages(
  source: usize, target: usize, height: i32, width: i32, pixelBytes: i32,
  top: i32, left: i32, paddedHeight: i32, paddedWidth: i32,
  from: i32, to: i32,
): void {
  const rowBytes = width * pixelBytes;
  const paddedBytes = paddedWidth * pixelBytes;
  const before = left * pixelBytes;
  const after = paddedBytes - before - rowBytes;
  for (let item = from; item < to; item++) {
    const write = target + item * paddedBytes;
    const row = (item % paddedHeight) - top;
    if (row < 0 || row >= height) {
      memory.fill(write, 0, paddedBytes);
    } else {
      const read = source + ((item / paddedHeight) * height + row) * rowBytes;
      memory.fill(write, 0, before);
      memory.copy(write + before, read, rowBytes);
      memory.fill(write + before + rowBytes, 0, after);
    }
  }
}
