import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concatBytes } from '../../../shared/math/bytes.ts';
import { readArchive } from '../../../shared/replay/read-archive.ts';

const framed = (envelope: Uint8Array): Uint8Array => {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, envelope.length, true);
  return concatBytes([length, envelope]);
};

async function* inPieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function read(bytes: Uint8Array, size = 1_000): Promise<number[][]> {
  const envelopes: number[][] = [];
  for await (const envelope of readArchive(inPieces(bytes, size))) envelopes.push([...envelope]);
  return envelopes;
}

it('gives back what was written, however it comes in pieces', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 50 }),
      async (envelopes, size) => {
        expect(await read(concatBytes(envelopes.map(framed)), size)).toEqual(envelopes.map(one => [...one]));
      },
    ),
  );
});

it('takes an object that is one envelope alone', async () => {
  const envelope = new Uint8Array([...new TextEncoder().encode('HMRU'), 1, 0, 0, 0, 9, 9]);
  expect(await read(envelope, 3)).toEqual([[...envelope]]);
});

it.each([
  ['ends within a length', [3, 0], /ends within a length/],
  ['ends within an envelope', [3, 0, 0, 0, 7], /has 1 of 3 bytes/],
  ['names a length that nothing has', [0, 0, 0, 0x7f, 1], /an envelope of 2130706432 bytes/],
])('refuses what %s', async (_, bytes, words) => {
  await expect(read(Uint8Array.from(bytes))).rejects.toThrow(words);
});
