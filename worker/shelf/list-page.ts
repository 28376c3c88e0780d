import type { ListedObject, ListedPage, ListOptions } from '../storage/bucket.ts';
import { BEHIND_ALL, type ShelfRows } from './shelf-rows.ts';

const MOST_LISTED = 1_000;

/** A page as R2 lists it. A folder counts as one, however much lies in it. */
export function listPage(
  rows: Pick<ShelfRows, 'next'>,
  { prefix, delimiter, limit = MOST_LISTED, cursor = '', include = [] }: ListOptions,
): ListedPage {
  const objects: ListedObject[] = [];
  const delimitedPrefixes: string[] = [];
  let behind = cursor;
  for (let found = rows.next(prefix, behind); found; found = rows.next(prefix, behind)) {
    if (objects.length + delimitedPrefixes.length >= Math.min(limit, MOST_LISTED))
      return { objects, delimitedPrefixes, truncated: true, cursor: behind };
    const folder = delimiter ? folderOf(found.key, prefix, delimiter) : null;
    if (folder === null) objects.push(include.includes('customMetadata') ? found : withoutMetadata(found));
    else delimitedPrefixes.push(folder);
    behind = folder === null ? found.key : folder + BEHIND_ALL;
  }
  return { objects, delimitedPrefixes, truncated: false };
}

function folderOf(key: string, prefix: string, delimiter: string): string | null {
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? null : key.slice(0, at + delimiter.length);
}

const withoutMetadata = ({ key, size, uploaded }: ListedObject): ListedObject => ({ key, size, uploaded });
