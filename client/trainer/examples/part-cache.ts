import type { Examples } from '../../../shared/datasets/examples.ts';

/**
 * Decoded parts by a name of their content. The least recently used ones are dropped beyond a bound. Leases come back
 * to the same parts, and evaluators to the same few at every version; drawing or inflating one costs a tenth of a
 * lease.
 */
export class PartCache {
  private readonly maxBytes: number;
  private readonly parts = new Map<string, Examples>();
  private bytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** The part; `decode` makes it if it is not here. Nobody may write to it. */
  get(key: string, decode: () => Examples): Examples {
    const part = this.take(key) ?? decode();
    this.parts.set(key, part);
    this.bytes += sizeOf(part);
    for (const oldest of this.parts.keys()) {
      if (this.bytes <= this.maxBytes) break;
      this.take(oldest);
    }
    return part;
  }

  /** Takes the part out. A Map keeps its order, so after it is put back the first one is the longest unused. */
  private take(key: string): Examples | undefined {
    const part = this.parts.get(key);
    if (part && this.parts.delete(key)) this.bytes -= sizeOf(part);
    return part;
  }
}

const sizeOf = ({ pixels, labels }: Examples): number => pixels.length + labels.length;
