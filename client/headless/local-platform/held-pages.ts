import { constants } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The pages as they were built when the platform started, beside its data. A build replaces them, and a page of the one before
 * asks for files that are there no more.
 * @returns where they lie
 */
export async function holdPages(built: string, folder: string): Promise<string> {
  const held = join(folder, 'pages');
  await rm(held, { recursive: true, force: true });
  await cp(built, held, { recursive: true, mode: constants.COPYFILE_FICLONE });
  return held;
}
