/**
 * So many sums make a sketch. An angle that is read from two sketches is off by about 1/√512, so chance alone hardly ever
 * looks like a cosine of more than an eighth.
 */
export const SKETCH_SIZE = 512;

/** A sum becomes a whole number of this size at most, so that it fits a byte. */
const LARGEST = 127;

/** A seed is so many hexadecimal digits: two numbers of 32 bits. */
export const SEED_DIGITS = 16;

/**
 * The direction of an update in a few hundred numbers (count sketch: Charikar, Chen, Farach-Colton 2002): each value is
 * added to one of the sums, or taken from it, as its place and the seed say. It keeps angles between updates of one seed.
 * Whoever does not know the seed cannot make an update that looks other than it is. The values may come in pieces, as long
 * as they come in their order.
 */
export class UpdateSketch {
  private readonly sums = new Float64Array(SKETCH_SIZE);
  private readonly seeds: readonly [number, number];
  private place = 0;

  /** @param seed hexadecimal digits */
  constructor(seed: string) {
    const half = SEED_DIGITS / 2;
    this.seeds = [Number.parseInt(seed.slice(0, half), 16), Number.parseInt(seed.slice(half), 16)];
  }

  add(values: Float32Array): void {
    const { sums, place } = this;
    const [first, second] = this.seeds;
    for (let i = 0; i < values.length; i++) {
      const mixed = mix(place + i, first, second);
      const at = mixed & (SKETCH_SIZE - 1);
      const value = values[i] as number;
      sums[at] = (sums[at] as number) + (mixed < 0 ? -value : value);
    }
    this.place += values.length;
  }

  /** One byte for each sum. All are zero if the update is. */
  bytes(): Uint8Array<ArrayBuffer> {
    const largest = this.sums.reduce((most, sum) => Math.max(most, Math.abs(sum)), 0);
    const whole = Int8Array.from(this.sums, sum => (largest > 0 ? Math.round((sum / largest) * LARGEST) : 0));
    return new Uint8Array(whole.buffer);
  }
}

/** A whole number of 32 bits, as if it were drawn for this place (the finalizer of MurmurHash3, Appleby 2011). */
function mix(place: number, first: number, second: number): number {
  let mixed = place ^ first;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul((mixed ^ (mixed >>> 13)) + second, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
