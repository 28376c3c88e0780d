import { zero } from './vector';

/**
 * Lays images [n, height, width, channels] out in planes of `lanes` channels (4 or 8, which divide them), with zeros
 * around every image: [channels / lanes, n, paddedHeight, paddedWidth, lanes]. Where many channels lie between one pixel
 * and the next, those of a few channels all fall on the same few lines of the nearest cache; in a plane they are
 * neighbours.
 * @param plane bytes of a plane
 * @param from, to work items: rows of the padded images, n × paddedHeight
 */
export function splitChannels(
  source: usize, target: usize, lanes: i32, plane: i32, height: i32, width: i32, channels: i32,
  top: i32, left: i32, paddedHeight: i32, paddedWidth: i32,
  from: i32, to: i32,
): void {
  const bytes = lanes * 4;
  const pixel = channels * 4;
  const parts = channels / lanes;
  const before = left * bytes;
  const after = (paddedWidth - left - width) * bytes;
  for (let item = from; item < to; item++) {
    const write = target + item * paddedWidth * bytes;
    const row = (item % paddedHeight) - top;
    const isInside = row >= 0 && row < height;
    const read = source + ((item / paddedHeight) * height + row) * width * pixel;
    for (let part = 0; part < parts; part++) {
      const into = write + part * plane;
      if (isInside) {
        clear(into, before);
        copyPart(read + part * bytes, into + before, width, pixel, bytes);
        clear(into + before + width * bytes, after);
      } else {
        clear(into, paddedWidth * bytes);
      }
    }
  }
}

@inline
function clear(write: usize, bytes: i32): void {
  for (const end = write + bytes; write < end; write += 16) v128.store(write, zero());
}

@inline
function copyPart(read: usize, write: usize, pixels: i32, pixel: i32, bytes: i32): void {
  for (let i = 0; i < pixels; i++) {
    v128.store(write, v128.load(read));
    if (bytes == 32) v128.store(write, v128.load(read, 16), 16);
    read += pixel;
    write += bytes;
  }
}
