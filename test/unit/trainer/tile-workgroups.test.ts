import { describe, expect, it } from 'vitest';
import { tileWorkgroups } from '../../../client/trainer/kernels/webgpu/tiled-product.ts';

/** WebGPU's limit along an axis, which every device has. */
const MAX_WORKGROUPS = 65_535;

/** How often each tile is made, computed from a workgroup's place as the shader does. */
function tilesMade(rowTiles: number, columnTiles: number): Uint8Array {
  const [across, down] = tileWorkgroups(rowTiles, columnTiles, 1);
  const made = new Uint8Array(rowTiles * columnTiles);
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++) {
      const row = Math.floor(y / columnTiles) * across + x;
      const tile = row * columnTiles + (y % columnTiles);
      if (row < rowTiles) made[tile] = (made[tile] ?? 0) + 1;
    }
  return made;
}

describe('the workgroups of a tiled product', () => {
  it.each([
    [1, 1],
    [25_088, 2],
    [65_536, 1],
    [65_600, 3],
    [200_001, 8],
  ])('of %i by %i tiles are within the limit, and make each tile once', (rowTiles, columnTiles) => {
    const workgroups = tileWorkgroups(rowTiles, columnTiles, 64);
    expect(Math.max(...workgroups)).toBeLessThanOrEqual(MAX_WORKGROUPS);
    expect(workgroups[2]).toBe(64);
    expect(tilesMade(rowTiles, columnTiles).every(times => times === 1)).toBe(true);
  });
});
