import { findOnDisk } from '../../client/headless/files/find-on-disk.ts';
import type { Examples } from '../../shared/datasets/examples.ts';
import type { LabelChoice } from '../../shared/datasets/files/dataset-format.ts';
import type { FoundData } from '../../shared/datasets/import/found-data.ts';
import { concatBytes } from '../../shared/math/bytes.ts';
import type { Split } from '../../shared/protocol/dataset.ts';

/** A data set on disk as the command finds it, all of it in memory. Its files say which pictures are for testing. */
export async function readDataset(path: string, name?: string, labels: LabelChoice = 'fine') {
  const found = await findOnDisk(path, { labels, ...(name === undefined ? {} : { name }) });
  const [train, test] = [await examplesOf(found, 'train'), await examplesOf(found, 'test')];
  return { name: found.name, train, test, classNames: found.classNames, notes: found.notes };
}

export async function examplesOf(found: FoundData, split: Split): Promise<Examples> {
  const { items, shape, classNames } = found;
  const indices = [...items.keys()].filter(i => items[i]?.split === split);
  const reader = found.open({ shape, fit: 'crop' });
  const pictures: Uint8Array[] = [];
  for (const i of indices) {
    const picture = await reader.read(i);
    if (picture.ok) pictures.push(picture.value);
  }
  const labels = Uint8Array.from(indices, i => items[i]?.label ?? 0);
  return { shape, classes: classNames.length, labels, pixels: concatBytes(pictures) };
}
