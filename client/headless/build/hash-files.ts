import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * SHA-256 over the names and the bytes of files.
 * @param paths files and folders below `root`; a folder stands for every file in it; a path without a file adds nothing
 * @param isCounted says by its path whether a file counts
 */
export function hashFiles(
  root: string,
  paths: readonly string[],
  isCounted: (path: string) => boolean = () => true,
): string {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(each => filesAt(root, each)).filter(isCounted)) {
    const bytes = readFileSync(join(root, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

/** The files at a path, in the same order on every machine. */
function filesAt(root: string, path: string): string[] {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (!found) return [];
  if (!found.isDirectory()) return [path];
  const names = readdirSync(join(root, path)).sort();
  return names.flatMap(name => filesAt(root, `${path}/${name}`));
}
