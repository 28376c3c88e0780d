import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { openZip, type ZipEntry } from '../../../shared/datasets/zip.ts';
import { encodeUtf8 } from '../../../shared/math/utf8.ts';
import { accepted } from '../../../shared/protocol/refusals.ts';
import { zipOf } from './make-pictures.ts';

const open = (bytes: Uint8Array) =>
  openZip({ bytes: bytes.length, read: async (from, to) => accepted(bytes.subarray(from, to)) });

async function entries(bytes: Uint8Array): Promise<ZipEntry[]> {
  const zip = await open(bytes);
  if (!zip.ok) throw new Error(zip.detail);
  return zip.value;
}

/** The offset of a record by its signature, the last one. */
const find = (bytes: Uint8Array, signature: number): number => {
  const view = new DataView(bytes.buffer);
  for (let at = bytes.length - 4; at >= 0; at--) if (view.getUint32(at, true) === signature) return at;
  throw new Error('no such record');
};

const HEADER = 0x02014b50;
const END = 0x06054b50;

/** A zip of one file, with one number of its directory entry or of the end record changed. */
function changed(signature: number, offset: number, value: number, bytes = 4): Uint8Array {
  const zip = zipOf({ 'a.txt': 'hello, hello, hello' });
  const view = new DataView(zip.buffer);
  const at = find(zip, signature) + offset;
  if (bytes === 4) view.setUint32(at, value, true);
  else view.setUint16(at, value, true);
  return zip;
}

describe('a zip', () => {
  it('gives its files, packed or stored, and none of its folders', async () => {
    const content = encodeUtf8('hello, hello, hello');
    const found = await entries(
      zipSync({ 'in/': new Uint8Array(), 'in/a.txt': content, b: [content, { level: 0 }] }),
    );
    expect(found.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['in/a.txt', 19],
      ['b', 19],
    ]);
    for (const entry of found) expect(await entry.read()).toEqual(accepted(content));
  });

  it('gives a file whose local header has a long field of its own', async () => {
    const content = encodeUtf8('hello, hello, hello');
    const extra = { 28789: new Uint8Array(500).fill(7) };
    const [entry] = await entries(zipSync({ 'a.txt': [content, { extra }] }));
    expect(await entry?.read()).toEqual(accepted(content));
  });

  it('may have a comment behind its end', async () => {
    const zip = zipOf({ a: 'x' });
    const longer = new Uint8Array(zip.length + 5);
    longer.set(zip);
    expect((await entries(longer)).map(({ name }) => name)).toEqual(['a']);
  });

  it('keeps names apart that are not UTF-8, as an old Windows writes them', async () => {
    const zip = zipOf({ K_se: 'x', _l: 'y' });
    const old = zip.map((byte, i) => (byte === 0x5f ? (zip[i - 1] === 0x4b ? 0x84 : 0x99) : byte));
    expect((await entries(old)).map(({ name }) => name)).toEqual(['Käse', 'Öl']);
  });

  it('is not opened if all its files together are a bomb, though none of them is', async () => {
    const zeros = zipSync(
      Object.fromEntries(Array.from({ length: 25 }, (_, i) => [String(i), new Uint8Array(4_900_000)])),
    );
    expect(await open(zeros)).toMatchObject({
      ok: false,
      reason: 'too-large',
      detail: expect.stringMatching(/^would unpack to \d+ times its size, as a zip bomb does/),
    });
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['text', encodeUtf8('a text that is no zip at all')],
    ['the first half', zipOf({ a: 'x'.repeat(99) }).subarray(0, 80)],
    ['a directory beyond the end', changed(END, 16, 9_999)],
    ['more entries than its directory has', changed(END, 10, 7, 2)],
  ])('is refused if it is %s', async (_, bytes) => {
    expect(await open(new Uint8Array(bytes))).toMatchObject({
      ok: false,
      detail: 'is no zip file, or is cut off: download or pack it again',
    });
  });

  it.each([
    ['is encrypted', changed(HEADER, 8, 1, 2), 'it is encrypted: pack it without a password'],
    ['is packed otherwise', changed(HEADER, 10, 14, 2), 'it is packed by method 14, which is not read'],
    ['would unpack to 800 MB', changed(HEADER, 24, 800_000_000), 'as a zip bomb does'],
    [
      'would unpack to 4 GB',
      changed(HEADER, 24, 4_000_000_000),
      'it would unpack to 4000 MB, which is too large',
    ],
  ])('says that a file cannot be unpacked that %s', async (_, bytes, words) => {
    const [entry] = await entries(bytes);
    expect(entry?.problem).toContain(words);
    expect(await entry?.read()).toMatchObject({ ok: false });
  });

  it.each([
    ['has another checksum', changed(HEADER, 16, 7)],
    ['is longer than it says', changed(HEADER, 24, 3)],
    ['is shorter than it says', changed(HEADER, 24, 99)],
    ['lies beyond the end', changed(HEADER, 42, 9_999)],
  ])('says that a file is damaged that %s', async (_, bytes) => {
    const [entry] = await entries(bytes);
    expect(await entry?.read()).toMatchObject({ ok: false, detail: 'is damaged in the zip' });
  });
});
