import type { Result } from '../../protocol/refusals.ts';
import { MAX_PICTURE_PIXELS } from '../picture-header.ts';
import type { FoundItem, PictureReader } from './found-data.ts';

const AT_ONCE = 8;

/**
 * The items one after another, while those behind them are being read. Never more than eight are in work, and never more
 * pixels than one picture of the largest size has: decoded, they take four bytes each.
 */
export async function* readAhead(
  reader: PictureReader,
  items: readonly FoundItem[],
  indices: readonly number[],
): AsyncGenerator<[index: number, pixels: Result<Uint8Array>]> {
  for (let at = 0; at < indices.length; ) {
    const group: number[] = [];
    let area = 0;
    for (let next = indices[at]; next !== undefined && group.length < AT_ONCE; next = indices[at]) {
      area += items[next]?.area ?? 0;
      if (group.length > 0 && area > MAX_PICTURE_PIXELS) break;
      group.push(next);
      at += 1;
    }
    const read = await Promise.all(group.map(index => reader.read(index)));
    for (const [i, pixels] of read.entries()) yield [group[i] as number, pixels];
  }
}
