import { expect, test } from 'vitest';
import { PartUploader } from '../../client/host/upload-parts.ts';
import type { PartBlob } from '../../shared/datasets/cut-into-parts.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { usePlatform } from '../support/test-platform.ts';
import { refusalOf } from '../support/tiny-run.ts';

const platform = usePlatform();

const partsOf = (count: number, seed: number): PartBlob[] =>
  Array.from({ length: count }, (_, i) => {
    const bytes = new Uint8Array(40).fill(i).fill(seed, 20);
    return { sha256: sha256Hex(bytes), bytes };
  });

async function areThere(parts: readonly PartBlob[]): Promise<boolean[]> {
  const names = parts.map(({ sha256 }) => sha256);
  const lacking = new Set(await platform.client.lackingBlobs(names));
  return names.map(name => !lacking.has(name));
}

test.each([1, 2, 9])('%i parts are uploaded, and the last of them after all others', async count => {
  const parts = partsOf(count, count);
  const uploader = new PartUploader(platform.client);
  for (const part of parts) await uploader.add(part);
  expect((await areThere(parts)).at(-1)).toBe(false);
  await uploader.finish();
  expect(await areThere(parts)).toEqual(parts.map(() => true));
});

test('if a part is refused, whoever adds the next ones hears it, and the last one is never there', async () => {
  const parts = partsOf(9, 100);
  const [first, second, ...rest] = parts as [PartBlob, PartBlob, ...PartBlob[]];
  const uploader = new PartUploader(platform.client);
  const upload = async (): Promise<void> => {
    for (const part of [first, { ...second, bytes: Uint8Array.of(1) }, ...rest]) await uploader.add(part);
    await uploader.finish();
  };
  expect(await refusalOf(upload())).toMatchObject({ reason: 'wrong-hash' });
  expect((await areThere(parts)).at(-1)).toBe(false);
});
