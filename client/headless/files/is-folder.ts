import { statSync } from 'node:fs';

/** Whether this is a folder. What cannot be looked at is none; whoever opens it says why. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
