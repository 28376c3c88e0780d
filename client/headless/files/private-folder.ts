import { chmodSync, readdirSync, statSync } from 'node:fs';
import { makeFolder } from './make-folder.ts';

/** Only its owner may read, write and enter. */
const PRIVATE = 0o700;
const OF_OTHERS = 0o077;

/** On Windows a folder of a user is closed to other users already, and these bits say nothing. */
const hasModes = process.platform !== 'win32';

/** Makes a folder that no other user of this machine can look into. One that is there stays as it is. */
export const makePrivateFolder = (folder: string): void => makeFolder(folder, PRIVATE);

/**
 * Closes a folder of ours to other users. What is somebody else's cannot be closed, and stays as it is.
 * @returns whether others could enter it before, and cannot any more
 */
export function tightenFolder(folder: string): boolean {
  if (!hasModes || (statSync(folder).mode & OF_OTHERS) === 0) return false;
  try {
    chmodSync(folder, PRIVATE);
    return true;
  } catch {
    return false;
  }
}

/** As `tightenFolder`, of one file. */
export function tightenFile(file: string): boolean {
  if (!hasModes || (statSync(file).mode & OF_OTHERS) === 0) return false;
  chmodSync(file, 0o600);
  return true;
}

export const isEmptyFolder = (folder: string): boolean => readdirSync(folder).length === 0;
