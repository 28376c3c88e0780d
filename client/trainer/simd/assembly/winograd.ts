import { madd } from './vector';

/*
 * Winograd's convolution F(2 × 2, 3 × 3) (Lavin, Gray: arXiv 1509.09308): four outputs of a 3 × 3 filter from a tile of
 * 4 × 4 inputs by 16 products instead of 36, y = Aᵀ[(G w Gᵀ) ⊙ (Bᵀ x B)]A. The entries of A and B are 0, 1 and −1, those
 * of G at most 1: the rounding is that of a few more additions. The gradients are the transposed products.
 *   Bᵀ = [1 0 −1 0; 0 1 1 0; 0 −1 1 0; 0 −1 0 1]   Aᵀ = [1 1 1 0; 0 1 −1 1]   G = [1 0 0; ½ ½ ½; ½ −½ ½; 0 0 1]
 *
 * A transformed tile has 16 positions. All lie in planes of four channels: [positions, channels / 4, tiles, 4], so that
 * the products over a position read both sides straight through.
 */

/**
 * Bytes of a plane of `tiles`, one cache line more than the data: else a tile's values in all planes would fall on the
 * same few lines of the nearest cache.
 */
@inline
export function planeBytes(tiles: i32): i32 {
  return tiles * 16 + 64;
}

/** Bytes of a position's planes, and one cache line more. */
@inline
export function positionBytes(tiles: i32, channels: i32): i32 {
  return (channels >> 2) * planeBytes(tiles) + 64;
}

/**
 * Row `row` of Bᵀ x B, its four positions, for one tile.
 * @param x the tile's first cell; @param v the row's first position of the tile; @param position bytes between positions
 * @param bytes of the channels to be transformed
 */
@inline
export function transformRow(
  x: usize, v: usize, row: i32, bytes: i32, xRow: i32, xColumn: i32, plane: i32, position: i32,
): void {
  // The two rows of x that a row of Bᵀ joins, and the second one's sign.
  const one = x + (row == 0 ? 0 : row == 1 ? 1 : row) * xRow, other = x + (row < 2 ? 2 : 1) * xRow;
  transformLine(one, other, row == 1 ? 1 : -1, v, bytes, xColumn, plane, position);
}

/** Exported from the module too: see index.ts. */
export function transformLine(
  one: usize, other: usize, sign: f32, v: usize, bytes: i32, xColumn: i32, plane: i32, position: i32,
): void {
  const s = f32x4.splat(sign);
  const second = v + position, third = second + position, fourth = third + position;
  const toOther = other - one;
  const end = v + (bytes >> 4) * plane;
  for (let to: usize = 0; v + to < end; to += plane, one += 16) {
    const first = one + toOther;
    const t0 = madd(s, v128.load(first), v128.load(one));
    const t2 = madd(s, v128.load(first + 2 * xColumn), v128.load(one + 2 * xColumn));
    v128.store(v + to, f32x4.sub(t0, t2));
    const t1 = madd(s, v128.load(first + xColumn), v128.load(one + xColumn));
    v128.store(second + to, f32x4.add(t1, t2));
    v128.store(third + to, f32x4.sub(t2, t1));
    const t3 = madd(s, v128.load(first + 3 * xColumn), v128.load(one + 3 * xColumn));
    v128.store(fourth + to, f32x4.sub(t3, t1));
  }
}

/** Where a tile starts: tiles go by image, row and column, two cells apart. */
@inline
export function tileStart(tile: i32, rows: i32, columns: i32, image: i32, row: i32, column: i32): i32 {
  const line = tile / columns;
  return line / rows * image + line % rows * 2 * row + tile % columns * 2 * column;
}
