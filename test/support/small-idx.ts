import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A new folder with three pictures of 2 × 2 in IDX, as small as the format allows. */
export async function writeSmallIdx(folder: string): Promise<void> {
  const images = Buffer.from([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2, ...Array(12).fill(9)]);
  const labels = Buffer.from([0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 2]);
  await mkdir(folder);
  for (const split of ['train', 't10k']) {
    await writeFile(join(folder, `${split}-images-idx3-ubyte`), images);
    await writeFile(join(folder, `${split}-labels-idx1-ubyte`), labels);
  }
}
