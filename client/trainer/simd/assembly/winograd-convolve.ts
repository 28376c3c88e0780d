import { madd, zero } from './vector';
import { planeBytes, positionBytes, tileStart, transformRow } from './winograd';

/**
 * A 3 × 3 convolution of stride 1 by Winograd's tiles: a block of tiles is transformed, multiplied by the transformed
 * filter at each position and transformed back, all within the second-level cache.
 * @param x images with zeros around them, so that every tile lies inside; @param w packed by `winogradFilter`
 * @param bias one float an output channel, or 0 for none; @param isRelu 1: outputs below zero are zero
 * @param tiles of the whole batch; @param tileRows, tileColumns of an image
 * @param channels, outputs multiples of four
 * @param block tiles that are transformed at a time, a multiple of four; @param itemTiles tiles of a work item
 * @param scratch `slot` bytes for each work item: 16 positions of `block` inputs and outputs. A range of items uses the
 * slot of its first.
 */
export function winogradConvolve(
  x: usize, w: usize, bias: usize, y: usize, isRelu: i32,
  tiles: i32, tileRows: i32, tileColumns: i32, xImage: i32, xRow: i32, channels: i32,
  height: i32, width: i32, outputs: i32, block: i32, itemTiles: i32, scratch: usize, slot: i32,
  from: i32, to: i32,
): void {
  const last = min(to * itemTiles, tiles);
  const v: usize = scratch + from * slot;
  const plane = planeBytes(block);
  const vStep = positionBytes(block, channels), mStep = positionBytes(block, outputs);
  const m: usize = v + 16 * vStep;
  for (let start = from * itemTiles; start < last; start += block) {
    const count = min(block, last - start);
    // Tiles beyond the end repeat the last one.
    const quads = (count + 3) >> 2;
    for (let i = 0; i < quads * 4; i++) {
      const tile = start + min(i, count - 1);
      const at = x + tileStart(tile, tileRows, tileColumns, xImage, xRow, channels * 4);
      for (let row = 0; row < 4; row++) {
        transformRow(at, v + i * 16 + 4 * row * vStep, row, channels * 4, xRow, channels * 4, plane, vStep);
      }
    }
    for (let position = 0; position < 16; position++) {
      multiply(
        v + position * vStep, w + position * channels * outputs * 4, m + position * mStep,
        quads, channels >> 2, outputs, plane,
      );
    }
    for (let i = 0; i < count; i++) {
      writeTile(m + i * 16, mStep, plane, bias, y, isRelu, start + i, tileRows, tileColumns, height, width, outputs);
    }
  }
}

/** The products at one position: quads of tiles × panels of 8 outputs, the last of 4 if no more are left. */
function multiply(v: usize, w: usize, m: usize, quads: i32, blocks: i32, outputs: i32, plane: i32): void {
  let output = 0;
  for (; output + 8 <= outputs; output += 8) {
    for (let quad = 0; quad < quads; quad++) multiply8(v + quad * 64, w, m + quad * 64, blocks, plane);
    w += blocks * 128;
    m += 2 * plane;
  }
  if (output < outputs) {
    for (let quad = 0; quad < quads; quad++) multiply4(v + quad * 64, w, m + quad * 64, blocks, plane);
  }
}

/** Four tiles × 8 outputs: eight sums, over all channels, four at a time. */
export function multiply8(v: usize, w: usize, m: usize, blocks: i32, plane: i32): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero(), c0 = zero(), c1 = zero(), d0 = zero(), d1 = zero();
  const toNext = plane - 16;
  for (; blocks > 0; blocks--) {
    for (const end: usize = v + 16; v < end; v += 4, w += 32) {
      const w0 = v128.load(w), w1 = v128.load(w, 16);
      let s = v128.load32_splat(v); a0 = madd(s, w0, a0); a1 = madd(s, w1, a1);
      s = v128.load32_splat(v, 16); b0 = madd(s, w0, b0); b1 = madd(s, w1, b1);
      s = v128.load32_splat(v, 32); c0 = madd(s, w0, c0); c1 = madd(s, w1, c1);
      s = v128.load32_splat(v, 48); d0 = madd(s, w0, d0); d1 = madd(s, w1, d1);
    }
    v += toNext;
  }
  v128.store(m, a0); v128.store(m, b0, 16); v128.store(m, c0, 32); v128.store(m, d0, 48);
  m += plane;
  v128.store(m, a1); v128.store(m, b1, 16); v128.store(m, c1, 32); v128.store(m, d1, 48);
}

/** Four tiles × 4 outputs, with sums of their own for every other channel. */
export function multiply4(v: usize, w: usize, m: usize, blocks: i32, plane: i32): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero(), c0 = zero(), c1 = zero(), d0 = zero(), d1 = zero();
  const toNext = plane - 16;
  for (; blocks > 0; blocks--) {
    for (const end: usize = v + 16; v < end; v += 8, w += 32) {
      const w0 = v128.load(w), w1 = v128.load(w, 16);
      a0 = madd(v128.load32_splat(v), w0, a0); a1 = madd(v128.load32_splat(v, 4), w1, a1);
      b0 = madd(v128.load32_splat(v, 16), w0, b0); b1 = madd(v128.load32_splat(v, 20), w1, b1);
      c0 = madd(v128.load32_splat(v, 32), w0, c0); c1 = madd(v128.load32_splat(v, 36), w1, c1);
      d0 = madd(v128.load32_splat(v, 48), w0, d0); d1 = madd(v128.load32_splat(v, 52), w1, d1);
    }
    v += toNext;
  }
  v128.store(m, f32x4.add(a0, a1)); v128.store(m, f32x4.add(b0, b1), 16);
  v128.store(m, f32x4.add(c0, c1), 32); v128.store(m, f32x4.add(d0, d1), 48);
}

/** Aᵀ m A of one tile, bias and relu; the outputs beyond the image's end are left out. */
@inline
function writeTile(
  m: usize, position: i32, plane: i32, bias: usize, y: usize, isRelu: i32,
  tile: i32, tileRows: i32, tileColumns: i32, height: i32, width: i32, outputs: i32,
): void {
  const line = tile / tileColumns;
  const row = line % tileRows * 2, column = tile % tileColumns * 2;
  const pixel = outputs * 4, down = width * pixel;
  const to: usize = y + (line / tileRows * height + row) * down + column * pixel;
  const toRight = column + 1 < width ? pixel : 0, lowest = isRelu ? <f32>0 : -Infinity;
  // The lower row first: outputs beyond the end are written over by those on it.
  const below = row + 1 < height ? down : 0;
  writeLine(m + 4 * position, m + 8 * position, m + 12 * position, -1, position, plane, bias, to + below, toRight, pixel, lowest);
  writeLine(m + 4 * position, m + 8 * position, m, 1, position, plane, bias, to, toRight, pixel, lowest);
}

/** One row of a tile's outputs: joins the rows p + sign × q + r of the positions, then their columns. */
export function writeLine(
  p: usize, q: usize, r: usize, sign: f32, position: i32, plane: i32, bias: usize, to: usize, toRight: i32, pixel: i32,
  lowest: f32,
): void {
  const s = f32x4.splat(sign), floor = f32x4.splat(lowest);
  const toQ = q - p, toR = r - p;
  for (const end = to + pixel; to < end; to += 16, p += plane) {
    let shift = zero();
    if (bias) { shift = v128.load(bias); bias += 16; }
    const p1 = p + position, p2 = p1 + position, p3 = p2 + position;
    const t1 = f32x4.add(madd(s, v128.load(p1 + toQ), v128.load(p1)), v128.load(p1 + toR));
    const t2 = f32x4.add(madd(s, v128.load(p2 + toQ), v128.load(p2)), v128.load(p2 + toR));
    const t3 = f32x4.add(madd(s, v128.load(p3 + toQ), v128.load(p3)), v128.load(p3 + toR));
    v128.store(to + toRight, f32x4.pmax(f32x4.add(f32x4.sub(t1, t2), f32x4.add(t3, shift)), floor));
    const t0 = f32x4.add(madd(s, v128.load(p + toQ), v128.load(p)), v128.load(p + toR));
    v128.store(to, f32x4.pmax(f32x4.add(f32x4.add(t0, t1), f32x4.add(t2, shift)), floor));
  }
}
