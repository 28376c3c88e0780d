import fc from 'fast-check';

/** One thing that goes wrong with bytes. `at` and `other` are shares of their length. */
type ByteStep = (bytes: Uint8Array, at: number, value: number) => Uint8Array;

/** Lengths and counts that an attacker writes: the largest of each width, and those just beyond a sign. */
const hugeNumbers = [0xffffffff, 0x7fffffff, 0x80000000, 0x40000000, 0xfffffffe, 0x10000, 0xffff, 0xff];

const joined = (...pieces: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(pieces));

function written(bytes: Uint8Array, at: number, write: (view: DataView, at: number) => void, width: number) {
  if (bytes.length < width) return bytes;
  const copy = bytes.slice();
  write(new DataView(copy.buffer), Math.min(at, bytes.length - width));
  return copy;
}

const steps: readonly ByteStep[] = [
  // A bit is turned.
  (bytes, at, value) => bytes.map((byte, i) => (i === at ? byte ^ (1 << (value & 7)) : byte)),
  (bytes, at, value) => bytes.map((byte, i) => (i === at ? value & 255 : byte)),
  // Cut off, doubled, and a piece left out or put in twice.
  (bytes, at) => bytes.slice(0, at),
  bytes => (bytes.length > 100_000 ? bytes : joined(bytes, bytes)),
  (bytes, at, value) => joined(bytes.subarray(0, at), bytes.subarray(at + (value & 63))),
  (bytes, at, value) =>
    joined(bytes.subarray(0, at), bytes.subarray(at, at + (value & 63)), bytes.subarray(at)),
  (bytes, at, value) => joined(bytes.subarray(0, at), new Uint8Array(value & 0xfff), bytes.subarray(at)),
  // A length is huge, in both orders of bytes.
  (bytes, at, value) =>
    written(bytes, at, (view, place) => view.setUint32(place, hugeNumbers[value & 7] ?? 0, true), 4),
  (bytes, at, value) =>
    written(bytes, at, (view, place) => view.setUint32(place, hugeNumbers[value & 7] ?? 0), 4),
  (bytes, at, value) =>
    written(
      bytes,
      at,
      (view, place) => view.setBigUint64(place, BigInt(hugeNumbers[value & 7] ?? 0) << 21n, true),
      8,
    ),
  // Floats that are none.
  (bytes, at, value) =>
    written(bytes, at, (view, place) => view.setUint32(place, 0x7f800000 + (value & 1), true), 4),
];

const stepDraw = fc.record({
  step: fc.nat(steps.length - 1),
  // Heads of files are hit as often as all the rest.
  at: fc.oneof(fc.nat(63), fc.nat(0xffffff)),
  value: fc.nat(0xffff),
});

/** One of these inputs with nothing wrong, or with up to four things. */
export const mutatedBytes = (samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc
    .record({ sample: fc.nat(samples.length - 1), drawn: fc.array(stepDraw, { maxLength: 4 }) })
    .map(({ sample, drawn }) =>
      drawn.reduce(
        (bytes, { step, at, value }) => steps[step]?.(bytes, at % (bytes.length + 1), value) ?? bytes,
        samples[sample] ?? new Uint8Array(0),
      ),
    );

/** Any bytes at all. */
export const anyBytes = fc.uint8Array({ maxLength: 300 });
