import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder with all that its path lacks, one after the other: in a folder where nothing can be made, such as /proc,
 * Node's own recursive way tries for ever.
 * @throws the system's error if one of them cannot be made, or if a file of this name is there
 */
export function makeFolder(folder: string, mode?: number): void {
  const lacking: string[] = [];
  for (let at = resolve(folder); !existsSync(at) && dirname(at) !== at; at = dirname(at)) lacking.unshift(at);
  for (const at of lacking) makeOne(at, mode);
  // Refuses a file of this name.
  if (lacking.length === 0) mkdirSync(folder, { recursive: true });
}

/** Another process may make it at the same moment. */
function makeOne(folder: string, mode?: number): void {
  try {
    mkdirSync(folder, mode);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}
